import type { Pruning } from '../../domain/ports.ts';
import type { MySql } from './connection.ts';
import {
	findContracts,
	forgetReads,
	removeContracts,
	removeEvents,
	saveReads,
} from './prune-contracts.ts';
import { findUnusedSources, removeSources } from './prune-sources.ts';

/** The database as that from which things are removed: each is the function of its name. */
export function createPruning({ database }: Pick<MySql, 'database'>): Pruning {
	return {
		findContracts: (after, limit, retention) => findContracts(database, after, limit, retention),
		removeContracts: (unread, days) => removeContracts(database, unread, days),
		removeEvents: (key, runs, dryRun) => removeEvents(database, key, runs, dryRun),
		findUnusedSources: (after, limit, days) => findUnusedSources(database, after, limit, days),
		removeSources: (hashes, days) => removeSources(database, hashes, days),
		forgetReads: (days, limit) => forgetReads(database, days, limit),
		saveReads: (keys) => saveReads(database, keys),
	};
}
