import { and, asc, desc, gt, sql } from 'drizzle-orm';
import { type Contract, type ContractKey, keyText } from '../../domain/contract.ts';
import type { ContractStore } from '../../domain/ports.ts';
import type { Change, Decide } from '../../domain/transitions.ts';
import { changeContracts } from './change.ts';
import type { Database } from './connection.ts';
import { putOff, recall, takeDue } from './due.ts';
import { listContracts } from './list.ts';
import { createNewestVersion } from './newest-versions.ts';
import { among, is, selectContracts } from './queries.ts';
import { contractOf, eventOfRow } from './rows.ts';
import { contractEvents, contracts } from './tables.ts';
import { readVersion, readVersions } from './versions.ts';

/** What is due later waits for a quota or an upstream, and not for its turn. */
const soonMinutes = 15;

/** The database as the store of contracts. Times are the database's own clock, for all processes. */
export function createContractStore(database: Database): ContractStore {
	const newestVersion = createNewestVersion(database);

	async function readMany(keys: readonly ContractKey[]): Promise<(Contract | null)[]> {
		if (keys.length === 0) return [];
		const rows = await selectContracts(database).where(among(contracts, keys));
		const found = new Map(
			rows.map((row) => [keyText(row.contract), contractOf(row.contract, row.description)]),
		);
		return keys.map((key) => found.get(keyText(key)) ?? null);
	}

	return {
		readMany,
		async read(key) {
			const [contract] = await readMany([key]);
			return contract ?? null;
		},
		list: (filter, limit, after) => listContracts(database, filter, limit, after),
		async events(key, afterVersion, limit) {
			// Mostly there is nothing new, which one query finds out for many.
			const newest = await newestVersion(key);
			if (newest <= afterVersion) return newest < afterVersion ? 'ahead' : [];
			const rows = await database
				.select()
				.from(contractEvents)
				.where(and(is(contractEvents, key), gt(contractEvents.version, afterVersion)))
				.orderBy(asc(contractEvents.version))
				.limit(limit);
			return rows.map(eventOfRow);
		},
		async newestEvent(key) {
			const [row] = await database
				.select()
				.from(contractEvents)
				.where(is(contractEvents, key))
				.orderBy(desc(contractEvents.version))
				.limit(1);
			return row ? eventOfRow(row) : null;
		},
		async histories(keys) {
			if (keys.length === 0) return [];
			const rows = await database
				.select()
				.from(contractEvents)
				.where(among(contractEvents, keys))
				.orderBy(asc(contractEvents.version));
			const grouped = Map.groupBy(rows.map(eventOfRow), keyText);
			return keys.map((key) => grouped.get(keyText(key)) ?? []);
		},
		versions: (keys, limit) => readVersions(database, keys, limit),
		sourceVersion: (key, hash) => readVersion(database, key, hash),
		change: (keys, decide) => change(database, keys, decide),
		waiting: () =>
			database.$count(
				contracts,
				sql`${contracts.dueAt} <= timestampadd(minute, ${soonMinutes}, utc_timestamp(3))`,
			),
		takeDue: (limit, graceMs) => takeDue(database, limit, graceMs),
		recall: (limit, times) => recall(database, limit, times),
		putOff: (jobs, ms) => putOff(database, jobs, ms),
	};
}

async function change(
	database: Database,
	keys: readonly ContractKey[],
	decide: Decide,
): Promise<(Change | null)[]> {
	// One order for all, so that two batches do not wait for each other in a circle.
	const unique = new Map(keys.map((key) => [keyText(key), key]));
	const sorted = [...unique.keys()].sort().flatMap((name) => unique.get(name) ?? []);
	const changes = await changeContracts(database, sorted, decide);
	return keys.map((key) => changes.get(keyText(key)) ?? null);
}
