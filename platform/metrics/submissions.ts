import { submissionKinds } from '../../domain/telemetry.ts';
import type { Metrics, Part } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createCounter } from './series.ts';

/** Workers submit what a proxy leads to, servers all else. Only a client can ask for what is not served. */
export function createSubmissionMetrics(registry: Metrics, part: Part): Reporter['submitted'] {
	const submitted = createCounter(registry, {
		name: 'contract_submissions_total',
		help: 'Contracts submitted: queued, known already, or refused',
		labels: { result: ['accepted', 'duplicate', 'rejected'], kind: submissionKinds },
		only: ({ result, kind }) => {
			if (part === 'warmup' || (kind === 'implementation') !== (part === 'worker')) return false;
			return result !== 'rejected' || kind === 'submit' || kind === 'refresh';
		},
	});
	return (kind, result, contracts) => submitted({ kind, result }, contracts);
}
