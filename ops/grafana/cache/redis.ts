import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, quantile, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toSlowRequests } from '../build/searches.ts';
import * as units from '../build/units.ts';

export const redis: Row = {
	title: 'Redis, as the cache uses it',
	panels: [
		lines({
			title: 'Redis operations as we see them (p99)',
			bad: 'above 10 ms: the way to Redis, or our event loop, is what is slow.',
			next: 'compare with the latency that Redis itself measures.',
			width: 8,
			unit: units.seconds,
			limits: { watch: 0.01 },
			queries: [over(quantile(0.99, 'cache_operation_duration_seconds', { by: ['op'] }), '{{op}}')],
			links: [toBoard('infrastructure'), toSlowRequests],
		}),
		lines({
			title: 'Evicted and expired a second',
			bad: 'evicted at all: its memory is too small for what is asked for.',
			next: 'raise maxmemory, or shorten what is kept.',
			width: 5,
			unit: units.perSecond,
			queries: [
				over(rate('redis_evicted_keys_total'), 'evicted'),
				over(rate('redis_expired_keys_total'), 'expired'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Memory of Redis',
			shows: 'A limit of 0 means none.',
			bad: 'used reaches the limit.',
			next: 'evictions follow; raise maxmemory.',
			width: 6,
			unit: units.bytes,
			queries: [
				over(level('max', 'redis_memory_used_bytes', { by: ['instance'] }), 'used {{instance}}'),
				over(level('max', 'redis_memory_max_bytes', { by: ['instance'] }), 'limit {{instance}}'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Keys',
			bad: 'a sudden fall: a restart, a flush, or evictions.',
			next: '`npm run warmup` fills it again.',
			width: 5,
			unit: units.count,
			queries: [
				over(level('max', 'redis_db_keys', { by: ['db'], where: { db: 'db0' } }), '{{db}}'),
			],
			links: [toBoard('infrastructure')],
		}),
	],
};
