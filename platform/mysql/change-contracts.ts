import { and, eq, sql } from 'drizzle-orm';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import { sourceDescriptions } from '../../domain/source.ts';
import { type Change, type Decide, traced } from '../../domain/transitions.ts';
import { traceParent } from '../telemetry/tracing/spans.ts';
import type { Database } from './connection.ts';
import { hasCode } from './primary.ts';
import {
	among,
	contractOf,
	distinct,
	inOrder,
	is,
	rowOf,
	rowOfEvent,
	selectContracts,
} from './rows.ts';
import { contractEvents, contractSources, contracts } from './tables.ts';

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

const tries = 10;
/** Somebody else inserted the row first, or both waited for each other. */
const races = ['ER_DUP_ENTRY', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'];

/** Changes contracts under lock, and their events with them, or nothing at all; in the order asked. */
export async function changeContracts(
	database: Database,
	keys: readonly ContractKey[],
	decide: Decide,
): Promise<(Change | null)[]> {
	// One order for all, so that two batches do not wait for each other in a circle.
	const sorted = [...distinct(keys)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
	for (let attempt = 1; ; attempt += 1) {
		try {
			const changes = await database.transaction((tx) => change(tx, sorted, decide));
			return inOrder(keys, changes).map((made) => made ?? null);
		} catch (error) {
			if (attempt === tries || !hasCode(error, races)) throw error;
		}
	}
}

async function change(
	tx: Transaction,
	keys: readonly ContractKey[],
	decide: Decide,
): Promise<Map<string, Change>> {
	const rows = await selectContracts(tx).where(among(contracts, keys)).for('update');
	// Read under the lock, so that the times of a contract's events never fall.
	const [clock] = await tx
		.select({ now: sql`utc_timestamp(3)`.mapWith(contracts.updatedAt) })
		.from(sql`dual`);
	if (!clock) throw new Error('the database did not say its time');
	const current = new Map(rows.map((row) => [keyText(row.contract), contractOf(row)]));
	const changes = new Map<string, Change>();
	const created: Change[] = [];
	for (const key of keys) {
		const before = current.get(keyText(key)) ?? null;
		const decided = decide(before, clock.now, key);
		if (!decided) continue;
		const made = traced(decided, traceParent());
		changes.set(keyText(key), made);
		if (before) await update(tx, made, before.version);
		else created.push(made);
	}
	if (created.length > 0) {
		await tx.insert(contracts).values(created.map(({ contract }) => rowOf(contract)));
	}
	if (changes.size > 0) {
		const events = [...changes.values()].map(({ event }) => rowOfEvent(event));
		await tx.insert(contractEvents).values(events);
	}
	return changes;
}

async function update(tx: Transaction, { contract }: Change, version: number): Promise<void> {
	const { chainId, address, createdAt, ...row } = rowOf(contract);
	const [result] = await tx
		.update(contracts)
		.set(row)
		.where(and(is(contracts, contract), eq(contracts.version, version)));
	if (result.affectedRows !== 1) {
		throw new Error(`contract ${keyText(contract)} is no longer at version ${version}`);
	}
	if (contract.status === 'SUCCESS' && contract.source) {
		const { hash, fetchedAt } = contract.source;
		const description = sourceDescriptions.write(contract.source);
		await tx
			.insert(contractSources)
			.values({ chainId, address, hash, description, fetchedAt })
			.onDuplicateKeyUpdate({ set: { description, fetchedAt } });
	}
}
