import type { ContractStore } from '../../domain/ports.ts';
import { createChangeContracts } from './change-contracts.ts';
import type { MySql } from './connection.ts';
import { countWaiting, putOff, recallLost, takeDue } from './due.ts';
import { readLines, takeFromLines } from './lines.ts';
import {
	createContractReader,
	createVersionLoader,
	createVersionReader,
	listContracts,
	readEvents,
	readHistories,
	readNewestEvent,
	readSource,
	readSources,
} from './read-contracts.ts';

/** The database as the store of contracts: each is the function of its name. Times are the database's own clock. */
export function createContractStore({
	database,
	writer,
}: Pick<MySql, 'database' | 'writer'>): ContractStore {
	const readVersions = createVersionReader(database);
	const versions = createVersionLoader(readVersions);
	const readContracts = createContractReader(database);
	return {
		readContract: async (key) => (await readContracts([key]))[0] ?? null,
		readContracts,
		listContracts: (filter, limit, after) => listContracts(database, filter, limit, after),
		readEvents: (key, after, limit) => readEvents(database, versions, key, after, limit),
		readNewestEvent: (key) => readNewestEvent(database, key),
		readVersions,
		readHistories: (keys) => readHistories(database, keys),
		readSources: (keys, limit) => readSources(database, keys, limit),
		readSource: (key, hash) => readSource(database, key, hash),
		changeContracts: createChangeContracts(writer),
		countWaiting: () => countWaiting(database),
		readLines: () => readLines(database),
		takeFromLines: (shares, graceMs) => takeFromLines(database, shares, graceMs),
		takeDue: (limit, graceMs) => takeDue(database, limit, graceMs),
		recallLost: (limit, times) => recallLost(database, limit, times),
		putOff: (jobs, ms) => putOff(database, jobs, ms),
	};
}
