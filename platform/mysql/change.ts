import { and, eq, sql } from 'drizzle-orm';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import { type Change, type Decide, traced } from '../../domain/transitions.ts';
import { traceParent } from '../telemetry/tracing/spans.ts';
import type { Database } from './connection.ts';
import { among, selectContracts } from './queries.ts';
import { contractOf, rowOf, rowOfEvent } from './rows.ts';
import { contractEvents, contractSources, contracts } from './tables.ts';

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

const tries = 10;

/** Changes contracts under lock, and their events with them, or nothing at all. */
export async function changeContracts(
	database: Database,
	keys: readonly ContractKey[],
	decide: Decide,
): Promise<Map<string, Change>> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await database.transaction((tx) => run(tx, keys, decide));
		} catch (error) {
			if (attempt === tries || !lostRace(error)) throw error;
		}
	}
}

async function run(
	tx: Transaction,
	keys: readonly ContractKey[],
	decide: Decide,
): Promise<Map<string, Change>> {
	const rows = await selectContracts(tx).where(among(contracts, keys)).for('update');
	// Read under the lock, so that the times of a contract's events never fall.
	const [clock] = await tx
		.select({ now: sql`utc_timestamp(3)`.mapWith(contracts.updatedAt) })
		.from(sql`dual`);
	if (!clock) throw new Error('the database did not tell its time');
	const current = new Map(
		rows.map((row) => [keyText(row.contract), contractOf(row.contract, row.description)]),
	);
	const changes = new Map<string, Change>();
	const created: Change[] = [];
	for (const key of keys) {
		const before = current.get(keyText(key)) ?? null;
		const decided = decide(before, clock.now, key);
		if (!decided) continue;
		const change = traced(decided, traceParent());
		changes.set(keyText(key), change);
		if (before) await update(tx, change, before.version);
		else created.push(change);
	}
	if (created.length > 0) {
		await tx.insert(contracts).values(created.map((change) => rowOf(change.contract)));
	}
	if (changes.size > 0) {
		const events = [...changes.values()].map((change) => rowOfEvent(change.event));
		await tx.insert(contractEvents).values(events);
	}
	return changes;
}

async function update(tx: Transaction, change: Change, version: number): Promise<void> {
	const { contract } = change;
	const { chainId, address, createdAt, ...row } = rowOf(contract);
	const [result] = await tx
		.update(contracts)
		.set(row)
		.where(
			and(
				eq(contracts.chainId, chainId),
				eq(contracts.address, address),
				eq(contracts.version, version),
			),
		);
	if (result.affectedRows !== 1) {
		throw new Error(`contract ${keyText(contract)} is no longer at version ${version}`);
	}
	if (contract.status === 'SUCCESS' && contract.source) {
		const description = JSON.stringify(contract.source);
		const fetchedAt = contract.source.fetchedAt;
		await tx
			.insert(contractSources)
			.values({ chainId, address, hash: contract.source.hash, description, fetchedAt })
			.onDuplicateKeyUpdate({ set: { description, fetchedAt } });
	}
}

const races = ['ER_DUP_ENTRY', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'];

/** Somebody else inserted the row first, or both waited for each other. */
function lostRace(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if ('code' in cause && typeof cause.code === 'string' && races.includes(cause.code))
			return true;
	}
	return false;
}
