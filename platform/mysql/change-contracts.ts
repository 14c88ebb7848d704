import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { MySqlColumn } from 'drizzle-orm/mysql-core';
import { type Contract, type ContractKey, keyText } from '../../domain/contract.ts';
import { sourceDescriptions } from '../../domain/source.ts';
import { type Change, type Decide, traced } from '../../domain/transitions.ts';
import { type TraceParent, traceParent } from '../telemetry/tracing/spans.ts';
import type { Database } from './connection.ts';
import { createGather } from './gather.ts';
import { hasCode, isOutage } from './primary.ts';
import {
	among,
	contractOf,
	distinct,
	inOrder,
	rowOf,
	rowOfEvent,
	selectContracts,
} from './rows.ts';
import { contractEvents, contractSources, contracts } from './tables.ts';

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
type Changes = (Change | null)[];
type Outcome = PromiseSettledResult<Changes>;
export type ChangeContracts = (keys: readonly ContractKey[], decide: Decide) => Promise<Changes>;

/** What was asked for together: all of it is changed, or nothing. */
interface Asked {
	keys: readonly ContractKey[];
	decide: Decide;
	trace: TraceParent | null;
}

const tries = 10;
/** Somebody else inserted the row first, or both waited for each other. */
const races = ['ER_DUP_ENTRY', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'];

/** Two transactions at once: while one is committed the next is filled. More of them gain nothing. */
const groups = { atOnce: 2, most: 100 };

/**
 * Changes contracts under lock, and their events with them, or nothing at all; in the order asked. What is asked while
 * other changes are being committed shares the next transaction, and a failure of one stays its own.
 */
export function createChangeContracts(database: Database): ChangeContracts {
	const gathered = createGather((asked: Asked[]) => changeGroup(database, asked), groups);
	return (keys, decide) => gathered({ keys, decide, trace: traceParent() });
}

async function changeGroup(database: Database, asked: readonly Asked[]): Promise<Outcome[]> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await database.transaction((tx) => change(tx, asked));
		} catch (error) {
			if (hasCode(error, races) && attempt < tries) continue;
			if (asked.length === 1 || isOutage(error)) throw error;
			// One of them is to blame, and which one is not known.
			const alone = asked.map((one) => changeGroup(database, [one]));
			return (await Promise.allSettled(alone)).map((outcome) =>
				outcome.status === 'fulfilled' ? onlyOf(outcome.value) : outcome,
			);
		}
	}
}

function onlyOf([outcome]: readonly Outcome[]): Outcome {
	return outcome ?? { status: 'rejected', reason: new Error('a change has no outcome') };
}

async function change(tx: Transaction, asked: readonly Asked[]): Promise<Outcome[]> {
	// One order for all, so that two transactions do not wait for each other in a circle.
	const keys = [...distinct(asked.flatMap((one) => one.keys))]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, key]) => key);
	const rows = await selectContracts(tx).where(among(contracts, keys)).for('update');
	// Read under the lock, so that the times of a contract's events never fall.
	const [clock] = await tx
		.select({ now: sql`utc_timestamp(3)`.mapWith(contracts.updatedAt) })
		.from(sql`dual`);
	if (!clock) throw new Error('the database did not say its time');
	const stored = new Map(rows.map((row) => [keyText(row.contract), contractOf(row)]));
	const current = new Map<string, Contract>(stored);
	const made: Change[] = [];
	const outcomes = asked.map((one): Outcome => {
		try {
			const changes = decided(one, current, clock.now);
			for (const each of changes.values()) current.set(keyText(each.contract), each.contract);
			made.push(...changes.values());
			return {
				status: 'fulfilled',
				value: inOrder(one.keys, changes).map((each) => each ?? null),
			};
		} catch (reason) {
			return { status: 'rejected', reason };
		}
	});
	await write(tx, made, stored, current);
	return outcomes;
}

/** By key; each was decided once, by what stands there when its turn comes. */
function decided(
	{ keys, decide, trace }: Asked,
	current: ReadonlyMap<string, Contract>,
	now: Date,
): Map<string, Change> {
	const changes = new Map<string, Change>();
	for (const [text, key] of distinct(keys)) {
		const found = decide(current.get(text) ?? null, now, key);
		if (found) changes.set(text, traced(found, trace));
	}
	return changes;
}

/** A contract that was changed twice has both events, and is written as it stands then. */
async function write(
	tx: Transaction,
	made: readonly Change[],
	stored: ReadonlyMap<string, Contract>,
	current: ReadonlyMap<string, Contract>,
): Promise<void> {
	if (made.length === 0) return;
	const changed = [...distinct(made.map(({ contract }) => contract)).keys()].sort();
	const [created, updated] = [[], []] as [Contract[], Contract[]];
	for (const text of changed) {
		const contract = current.get(text);
		if (contract) (stored.has(text) ? updated : created).push(contract);
	}
	// A row that somebody else inserted meanwhile is not overwritten: all is tried again.
	if (created.length > 0) await tx.insert(contracts).values(created.map(rowOf));
	if (updated.length > 0) {
		const [result] = await tx
			.insert(contracts)
			.values(updated.map(rowOf))
			.onDuplicateKeyUpdate({ set: asInserted(contracts, ['chainId', 'address', 'createdAt']) });
		// The server counts a row that it has updated twice.
		if (result.affectedRows !== 2 * updated.length) {
			throw new Error(`${updated.length} contracts were to be changed, and some are gone`);
		}
	}
	await tx.insert(contractEvents).values(made.map(({ event }) => rowOfEvent(event)));
	const sources = made.flatMap(({ contract }) => sourceOf(contract));
	if (sources.length > 0) {
		const set = asInserted(contractSources, ['chainId', 'address', 'hash']);
		await tx.insert(contractSources).values(sources).onDuplicateKeyUpdate({ set });
	}
}

function sourceOf({ chainId, address, status, source }: Contract) {
	if (status !== 'SUCCESS' || !source) return [];
	const { hash, fetchedAt } = source;
	return [{ chainId, address, hash, description: sourceDescriptions.write(source), fetchedAt }];
}

/** Every column but those that stay, as it was to be inserted. */
function asInserted<T extends typeof contracts | typeof contractSources>(
	table: T,
	stay: readonly string[],
): Record<string, SQL> {
	const columns = Object.entries<MySqlColumn>(getTableColumns(table));
	const others = columns.filter(([name]) => !stay.includes(name));
	return Object.fromEntries(
		others.map(([name, column]) => [name, sql`values(${sql.identifier(column.name)})`]),
	);
}
