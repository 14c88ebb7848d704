import { Gauge } from 'prom-client';
import type { Status } from '../../domain/status.ts';
import type { Outbox, Unfinished } from '../mysql/contract-counts.ts';
import type { Metrics } from './registry.ts';

export interface CensusMetrics {
	unfinished(found: readonly Unfinished[]): void;
	/** Null: they cannot be counted. */
	finished(counts: readonly [Status, number][] | null): void;
	outbox(found: Outbox): void;
	/** Shows nothing, as somebody else counts now or nobody can. */
	hide(): void;
}

/** Facts about the whole system: only the worker that leads shows them, so that no old value stands beside a new one. */
export function createCensusMetrics(registry: Metrics): CensusMetrics {
	const registers = [registry];
	const contracts = new Gauge({
		name: 'contracts',
		help: 'Contracts in the database, by status',
		labelNames: ['status'],
		registers,
	});
	const oldest = new Gauge({
		name: 'contract_oldest_unfinished_age_seconds',
		help: 'Since the submission of the contract that waits for longest, save those whose next attempt is set for later; 0: none waits',
		labelNames: ['status'],
		registers,
	});
	const pending = new Gauge({
		name: 'messaging_outbox_pending',
		help: 'Contracts that are due to be put on the queue',
		registers,
	});
	const late = new Gauge({
		name: 'messaging_outbox_oldest_age_seconds',
		help: 'For how long the contract has been due that is due for longest; 0: none is',
		registers,
	});

	function hide(): void {
		contracts.reset();
		oldest.reset();
		// Without labels a reset shows 0.
		pending.remove();
		late.remove();
	}

	hide();
	return {
		unfinished(found) {
			for (const one of found) {
				contracts.set({ status: one.status }, one.contracts);
				oldest.set({ status: one.status }, one.oldestSeconds);
			}
		},
		finished(counts) {
			if (!counts) for (const status of ['SUCCESS', 'ERROR']) contracts.remove({ status });
			for (const [status, count] of counts ?? []) contracts.set({ status }, count);
		},
		outbox(found) {
			pending.set(found.pending);
			late.set(found.oldestSeconds);
		},
		hide,
	};
}
