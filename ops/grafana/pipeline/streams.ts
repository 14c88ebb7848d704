import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toErrorLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

export const streams: Row = {
	title: 'Streams to subscribers',
	panels: [
		lines({
			title: 'Events to subscribers a second',
			bad: 'failed at all; dropped: readers too slow to take every event in between.',
			next: 'one slow client drops only its own; many: the servers or the network.',
			width: 8,
			unit: units.perSecond,
			queries: [
				over(
					rate('subscription_events_total', { by: ['operation', 'result'] }),
					'{{operation}} {{result}}',
				),
			],
			links: [toErrorLines],
		}),
		lines({
			title: 'Subscriptions open',
			bad: 'a rise that never falls.',
			next: 'WebSockets by code on the Overview.',
			width: 8,
			unit: units.count,
			queries: [
				over(
					level('sum', 'graphql_subscriptions_active', { by: ['operation', 'transport'] }),
					'{{operation}} {{transport}}',
				),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Redis channels followed',
			bad: 'channels without listeners: a leak.',
			next: 'restart that server; keep its log lines for a report.',
			width: 8,
			unit: units.count,
			queries: [
				over(level('sum', 'feed_channels'), 'channels'),
				over(level('sum', 'feed_listeners'), 'listeners'),
			],
			links: [toBoard('infrastructure')],
		}),
	],
};
