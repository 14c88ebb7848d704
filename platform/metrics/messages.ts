import { contractErrorCodes, SourceError } from '../../domain/errors.ts';
import { isWaitForTurn } from '../../domain/retry.ts';
import { type BrokerRole, type JobOutcome, publishOutcomes } from '../../domain/telemetry.ts';
import { answerSeconds, waitSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createCounter, createGauge, createHistogram } from './series.ts';

const queue = 'contracts.download';
const at = { queue } as const;
const labels = { queue: [queue] } as const;

/** What became of a message, seen from the queue: whether its job is done, comes again, or was nobody's. */
const outcomes = {
	success: 'ok',
	error: 'ok',
	retry: 'retry',
	released: 'retry',
	failed: 'retry',
	stale: 'duplicate',
	superseded: 'duplicate',
} as const satisfies Record<JobOutcome, string>;

export type PublishMetrics = Pick<Reporter, 'published'>;

export function createPublishMetrics(registry: Metrics): PublishMetrics {
	const took = createHistogram(registry, {
		name: 'messaging_publish_duration_seconds',
		help: 'From sending a message to the confirm of the broker, or to giving it up',
		labels: { destination: [queue], outcome: publishOutcomes },
		buckets: answerSeconds,
	});
	return { published: (outcome, seconds) => took({ destination: queue, outcome }, seconds) };
}

export type ConsumeMetrics = Pick<
	Reporter,
	'received' | 'begun' | 'answered' | 'deadLettered' | 'jobEnded'
>;

export function createConsumeMetrics(registry: Metrics): ConsumeMetrics {
	const waited = createHistogram(registry, {
		name: 'messaging_time_in_queue_seconds',
		help: 'From publishing a message to the beginning of its job, by the clocks of both processes',
		labels,
		buckets: waitSeconds,
	});
	const took = createHistogram(registry, {
		name: 'messaging_process_duration_seconds',
		help: 'How long a job took; retry: it comes again, duplicate: it was done or held already',
		labels: { ...labels, outcome: ['ok', 'retry', 'dead_letter', 'duplicate'] },
		buckets: waitSeconds,
	});
	const redeliveries = createCounter(registry, {
		name: 'messaging_redelivered_total',
		help: 'Messages that the broker had handed out before',
		labels,
	});
	const retries = createCounter(registry, {
		name: 'messaging_retries_total',
		help: 'Attempts that failed and will be made again, by the code of their error; not waits for a turn',
		labels: { ...labels, reason: contractErrorCodes },
	});
	const held = createGauge(registry, {
		name: 'messaging_in_flight',
		help: 'Messages that this worker holds, at most its prefetch',
		labels,
	});
	let count = 0;
	return {
		received(redelivered) {
			count += 1;
			held(at, count);
			if (redelivered) redeliveries(at);
		},
		begun: (seconds) => waited(at, seconds),
		answered() {
			count -= 1;
			held(at, count);
		},
		deadLettered: (_, seconds) => took({ queue, outcome: 'dead_letter' }, seconds),
		jobEnded(_job, outcome, seconds, error) {
			took({ queue, outcome: outcomes[outcome] }, seconds);
			if ((outcome !== 'retry' && outcome !== 'failed') || isWaitForTurn(error)) return;
			retries({ queue, reason: error instanceof SourceError ? error.code : 'INTERNAL' });
		},
	};
}

export function createBrokerMetrics(
	registry: Metrics,
	roles: readonly BrokerRole[],
): Reporter['broker'] {
	const up = createGauge(registry, {
		name: 'messaging_connection_up',
		help: 'Whether this process is connected to RabbitMQ, by what for',
		labels: { role: roles },
	});
	const reconnects = createCounter(registry, {
		name: 'messaging_reconnects_total',
		help: 'Connections to RabbitMQ that were lost and made anew',
		labels: { role: roles },
	});
	return (role, state) => {
		up({ role }, state === 'down' ? 0 : 1);
		if (state === 'again') reconnects({ role });
	};
}
