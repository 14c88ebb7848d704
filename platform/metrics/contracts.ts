import { isFinal, mayMove, type Status, statuses } from '../../domain/status.ts';
import type { Change } from '../../domain/transitions.ts';
import { lifeSeconds } from './buckets.ts';
import type { Metrics, Part } from './registry.ts';
import { createCounter, createHistogram } from './series.ts';

/** Counts the moves that this process has committed, and measures those that end a submission. */
export function createContractMetrics(registry: Metrics, part: Part): (change: Change) => void {
	const moved = createCounter(registry, {
		name: 'contract_transitions_total',
		help: 'Changes of status that were committed; NONE: the contract is new',
		labels: { from: ['NONE', ...statuses], to: statuses },
		only: ({ from, to }) => {
			// A server accepts submissions and nothing else.
			if (part === 'server' && to !== 'CREATED') return false;
			return mayMove(from === 'NONE' ? null : from, to);
		},
	});
	const lived =
		part === 'server'
			? null
			: createHistogram(registry, {
					name: 'contract_end_to_end_seconds',
					help: 'From the last accepted submission to its end',
					labels: { outcome: ['SUCCESS', 'ERROR'] },
					buckets: lifeSeconds,
				});
	return ({ from, contract: { status, submittedAt, updatedAt } }) => {
		moved({ from: from ?? 'NONE', to: status });
		if (!isEnd(status) || !submittedAt) return;
		lived?.({ outcome: status }, (updatedAt.getTime() - submittedAt.getTime()) / 1_000);
	};
}

function isEnd(status: Status): status is 'SUCCESS' | 'ERROR' {
	return isFinal(status);
}
