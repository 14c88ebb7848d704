import { AsyncLocalStorage } from 'node:async_hooks';
import { type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel';
import { type Span, SpanKind } from '@opentelemetry/api';
import type { DatabaseMetrics } from '../metrics/database.ts';
import { fail, isTraced, startSpan, within } from '../telemetry/tracing/spans.ts';
import { type Statement, statementOf } from './statement.ts';

/** What the driver tells of a statement; the same object at its beginning and at its end. */
interface Told {
	query: string;
	error?: unknown;
	[begun]?: { at: number; statement: Statement; span: Span | null };
}

const begun = Symbol('begun');

const aside = new AsyncLocalStorage<true>();

/** Runs work whose statements are not the pool's: the driver does not tell whose they are. */
export function unmeasured<T>(work: () => T): T {
	return aside.run(true, work);
}

/** Measures every statement that the driver sends, save unmeasured ones, and makes a span of it below one that is kept. */
export function watchStatements(metrics: DatabaseMetrics): () => void {
	const subscribers: TracingChannelSubscribers<Told> = {
		start(told) {
			if (aside.getStore()) return;
			const statement = statementOf(told.query);
			const span = isTraced() ? spanOf(told.query, statement) : null;
			told[begun] = { at: performance.now(), statement, span };
		},
		asyncStart(told) {
			const from = told[begun];
			if (!from) return;
			const { at, statement, span } = from;
			const seconds = (performance.now() - at) / 1_000;
			const outcome = told.error === undefined ? 'ok' : 'error';
			if (span && outcome === 'error') fail(span, told.error);
			span?.end();
			// The driver calls in the trace of whoever opened the connection.
			within(span, () => metrics.asked(statement, outcome, seconds));
		},
		end() {},
		asyncEnd() {},
		error() {},
	};
	const channels = ['mysql2:query', 'mysql2:execute'].map((name) =>
		tracingChannel<unknown, Told>(name),
	);
	for (const channel of channels) channel.subscribe(subscribers);
	return () => {
		for (const channel of channels) channel.unsubscribe(subscribers);
	};
}

function spanOf(sql: string, { collection }: Statement): Span {
	// The first word is never a value.
	const word = /^[a-z]+/i.exec(sql.slice(0, 20))?.[0].toUpperCase() ?? 'other';
	const table = collection === 'other' ? {} : { 'db.collection.name': collection };
	return startSpan(collection === 'other' ? word : `${word} ${collection}`, {
		kind: SpanKind.CLIENT,
		attributes: { 'db.system.name': 'mysql', 'db.operation.name': word, ...table },
	});
}
