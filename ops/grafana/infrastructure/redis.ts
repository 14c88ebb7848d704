import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import * as units from '../build/units.ts';

const each = { by: ['instance'] } as const;

export const redis: Row = {
	title: 'Redis',
	panels: [
		lines({
			title: 'Memory, its limit and evictions',
			shows: 'A limit of 0 means none.',
			bad: 'used at the limit: it evicts.',
			next: 'the Cache board shows what that costs.',
			width: 5,
			unit: units.bytes,
			queries: [
				over(level('max', 'redis_memory_used_bytes', each), 'used {{instance}}'),
				over(level('max', 'redis_memory_max_bytes', each), 'limit {{instance}}'),
			],
			links: [toBoard('cache')],
		}),
		lines({
			title: 'Commands and evictions a second',
			bad: 'a rise without more requests; evicted at all.',
			next: 'the Cache board.',
			width: 5,
			unit: units.perSecond,
			queries: [
				over(rate('redis_commands_processed_total', each), 'commands {{instance}}'),
				over(rate('redis_evicted_keys_total', each), 'evicted {{instance}}'),
			],
			links: [toBoard('cache')],
		}),
		lines({
			title: 'Keys found a second',
			shows: 'Of all keys, call limits included; the hit ratio of contracts is on the Cache board.',
			bad: 'miss above hit.',
			next: 'the Cache board.',
			width: 4,
			unit: units.perSecond,
			queries: [
				over(rate('redis_keyspace_hits_total'), 'hit'),
				over(rate('redis_keyspace_misses_total'), 'miss'),
			],
			links: [toBoard('cache')],
		}),
		lines({
			title: 'Latency by command (p99)',
			shows: 'As Redis measures it, without the network.',
			bad: 'above 1 ms: large values, or a slow machine.',
			next: '`SLOWLOG GET`; pressure of the machine.',
			width: 5,
			unit: units.microseconds,
			queries: [
				over(
					level('max', 'redis_latency_percentiles_usec', {
						by: ['cmd'],
						where: { quantile: '=~99|99.0|0.99' },
					}),
					'{{cmd}}',
				),
			],
			links: [toBoard('cache')],
		}),
		lines({
			title: 'Clients and channels',
			bad: 'blocked or refused clients; channels that only grow.',
			next: 'streams on the Pipeline board.',
			width: 5,
			unit: units.count,
			queries: [
				over(level('sum', 'redis_connected_clients'), 'connected'),
				over(level('sum', 'redis_blocked_clients'), 'blocked'),
				over(level('sum', 'redis_pubsub_channels'), 'channels'),
				over(rate('redis_rejected_connections_total'), 'refused/s'),
			],
			links: [toBoard('pipeline')],
		}),
	],
};
