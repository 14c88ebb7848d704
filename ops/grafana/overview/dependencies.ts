import type { Row } from '../build/board.ts';
import { figure, upOrDown } from '../build/figure.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { cacheHitShare } from '../build/promises.ts';
import { level, quantile, rate } from '../build/promql.ts';
import { now, over } from '../build/queries.ts';
import { toErrorLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

export const dependencies: Row = {
	title: 'What it stands on',
	panels: [
		lines({
			title: 'Calls to upstreams a second',
			bad: 'http_5xx, timeout or rate_limited where ok was.',
			next: 'the breaker and the limiter on the Pipeline board; the status page of the upstream.',
			width: 6,
			unit: units.perSecond,
			queries: [
				over(
					rate('upstream_request_duration_seconds', { by: ['upstream', 'outcome'] }),
					'{{upstream}} {{outcome}}',
				),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Reads that the cache answers',
			bad: 'below half while there is traffic (nought after a restart of Redis is normal).',
			next: 'evictions and memory on the Cache board; `npm run warmup` fills it.',
			width: 6,
			unit: units.share,
			max: 1,
			queries: [over(cacheHitShare, 'hit')],
			links: [toBoard('cache')],
		}),
		lines({
			title: 'Wait for a database connection',
			bad: 'p95 above 0.5 s: the pool is used up, and everything waits.',
			next: 'slow queries and locks on the Infrastructure board.',
			width: 6,
			unit: units.seconds,
			limits: { watch: 0.1, act: 0.5 },
			queries: [
				over(
					quantile(0.95, 'db_client_connection_wait_time_seconds', { by: ['service'] }),
					'{{service}} p95',
				),
			],
			links: [toBoard('infrastructure')],
		}),
		figure({
			title: 'Up or down',
			bad: 'DOWN: this service, or its exporter, does not answer.',
			next: 'the state and the last log lines of its container; its runbook.',
			width: 6,
			height: 8,
			unit: units.count,
			named: true,
			mappings: upOrDown,
			idle: 'not scraped',
			queries: [
				now(level('min', 'mysql_up'), 'MySQL'),
				now(level('min', 'redis_up'), 'Redis'),
				now('min (up{job="rabbitmq"})', 'RabbitMQ'),
				now('min by (job) (up{job=~"server|worker"})', '{{job}}'),
				now(level('min', 'messaging_connection_up', { by: ['role'] }), 'our {{role}}'),
			],
			links: [toBoard('infrastructure'), toErrorLines],
		}),
	],
};
