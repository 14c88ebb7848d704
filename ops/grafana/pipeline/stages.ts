import type { Row } from '../build/board.ts';
import { heat } from '../build/heat.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { mean, orZero, quantile, rate, ratio, series } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toFailedJobs, toSlowJobs } from '../build/searches.ts';
import * as units from '../build/units.ts';

const endToEnd = 'contract_end_to_end_seconds';
const jobs = rate('messaging_process_duration_seconds');
const working = spent(series('messaging_process_duration_seconds', {}, '_sum'));
const waiting = orZero(spent(series('upstream_rate_limit_wait_seconds', {}, '_sum')));

function spent(sum: string): string {
	return `sum (rate(${sum}[$__rate_interval]))`;
}
const buckets = series(endToEnd, {}, '_bucket');

export const stages: Row = {
	title: 'How long it takes, and where the time goes',
	panels: [
		lines({
			title: 'From submission to end',
			shows: 'SUCCESS or ERROR. The dots are traces.',
			bad: 'p95 above the dashed line (60 s).',
			next: 'open a dot above it; which stage is thickest beside?',
			width: 8,
			unit: units.seconds,
			limits: { watch: 60 },
			queries: [over(quantile(0.5, endToEnd), 'p50'), over(quantile(0.95, endToEnd), 'p95')],
			links: [toSlowJobs],
		}),
		heat({
			title: 'How the times are spread',
			bad: 'a second band far above: some wait for another attempt.',
			next: 'retries by reason; do they all belong to one upstream?',
			width: 8,
			expr: `sum by (le) (increase(${buckets}[$__rate_interval]))`,
			links: [toFailedJobs],
		}),
		lines({
			title: 'Mean time of each stage',
			shows: 'Means for each job, since those add up; quantiles do not.',
			bad: 'one stage grows.',
			next: 'confirm: RabbitMQ; queue: more workers; turn: upstream limits; delivery: Redis.',
			width: 8,
			unit: units.seconds,
			stacked: true,
			queries: [
				over(mean('messaging_publish_duration_seconds'), '1 publish and confirm'),
				over(mean('messaging_time_in_queue_seconds'), '2 wait in queue'),
				over(ratio(waiting, jobs), '3 wait for a turn at the upstream'),
				// A download that is put off at once reports a wait that did not happen.
				over(ratio(`clamp_min(${working} - ${waiting}, 0)`, jobs), '4 process'),
				over(mean('subscription_delivery_seconds'), '5 deliver to subscribers'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Processing of one job',
			shows: 'The dots are traces.',
			bad: 'p99 near the lease of an attempt: it may be taken from its worker.',
			next: 'open a dot; is it the upstream, the limiter, or the database?',
			width: 8,
			unit: units.seconds,
			queries: [
				over(quantile(0.5, 'messaging_process_duration_seconds'), 'p50'),
				over(quantile(0.95, 'messaging_process_duration_seconds'), 'p95'),
				over(quantile(0.99, 'messaging_process_duration_seconds'), 'p99'),
			],
			links: [toSlowJobs],
		}),
		lines({
			title: 'Publish and confirm (p95)',
			bad: 'timeout or nack, or above 100 ms: RabbitMQ is slow or out of space.',
			next: 'its alarms and its disk.',
			width: 8,
			unit: units.seconds,
			queries: [
				over(
					quantile(0.95, 'messaging_publish_duration_seconds', { by: ['outcome'] }),
					'{{outcome}}',
				),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Delivery to subscribers (p99)',
			shows: "From a worker's commit to the subscriber's socket.",
			bad: 'above 2 s: streams are no longer live.',
			next: 'Redis, the fan-out, slow sockets.',
			width: 8,
			unit: units.seconds,
			limits: { watch: 2 },
			queries: [
				over(
					quantile(0.99, 'subscription_delivery_seconds', { by: ['operation'] }),
					'{{operation}}',
				),
			],
			links: [toBoard('overview')],
		}),
	],
};
