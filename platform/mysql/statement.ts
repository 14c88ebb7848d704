import { SpanKind } from '@opentelemetry/api';
import {
	type Emit,
	oneOf,
	type StatementCollection,
	type StatementOperation,
	statementCollections,
	statementOperations,
} from '../../domain/telemetry.ts';
import { inChild } from '../telemetry/tracing/spans.ts';

interface Statement {
	operation: StatementOperation;
	collection: StatementCollection;
}

/** The word before the first table, as the query builder writes it. */
const before: Partial<Record<StatementOperation, string>> = {
	SELECT: ' from `',
	INSERT: ' into `',
	UPDATE: 'update `',
};

/** Goes in one packet with what the transaction is for, which is what is measured. */
export const beginning = 'start transaction';

/** Reads a statement no further than to its first table, as its values may be megabytes. */
export function statementOf(text: string): Statement {
	const sql = afterBeginning(text);
	const operation = oneOf(statementOperations, sql.slice(0, 6).toUpperCase());
	const word = before[operation];
	if (word === undefined) return { operation, collection: 'other' };
	const at = sql.indexOf(word);
	if (at < 0) return { operation, collection: 'other' };
	const begin = at + word.length;
	const name = sql.slice(begin, sql.indexOf('`', begin));
	return { operation, collection: oneOf(statementCollections, name) };
}

function afterBeginning(sql: string): string {
	return sql.startsWith(`${beginning}; `) ? sql.slice(beginning.length + 2) : sql;
}

/** Runs a statement in a span of its own, below one that is kept, and emits how long it took. */
export function observed<T>(emit: Emit, sql: string, run: () => Promise<T>): Promise<T> {
	const { operation, collection } = statementOf(sql);
	// The first word is never a value.
	const word = /^[a-z]+/i.exec(afterBeginning(sql).slice(0, 20))?.[0].toUpperCase() ?? 'other';
	const table = collection === 'other' ? {} : { 'db.collection.name': collection };
	const name = collection === 'other' ? word : `${word} ${collection}`;
	const attributes = { 'db.system.name': 'mysql', 'db.operation.name': word, ...table };
	return inChild(name, { kind: SpanKind.CLIENT, attributes }, async () => {
		const started = performance.now();
		let outcome: 'ok' | 'error' = 'error';
		try {
			const result = await run();
			outcome = 'ok';
			return result;
		} finally {
			const seconds = (performance.now() - started) / 1_000;
			emit({ type: 'mysql.called', operation, collection, outcome, seconds });
		}
	});
}
