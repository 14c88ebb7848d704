import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { promises } from '../build/promises.ts';
import { level, quantile, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toErrorLines, toFailedRequests, toSlowRequests } from '../build/searches.ts';
import * as units from '../build/units.ts';

const operations = 'graphql_operation_duration_seconds';
const requests = { type: '!=subscription' } as const;

export const where: Row = {
	title: 'Where? Requests by kind',
	panels: [
		lines({
			title: 'Operations a second',
			bad: 'a sudden fall (clients cannot reach us), or one operation that runs away.',
			next: 'a fall: targets and WebSockets; a rise: rejected requests and the cache.',
			width: 6,
			unit: units.perSecond,
			queries: [over(rate(operations, { by: ['operation'] }), '{{operation}}')],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Errors by code',
			shows: 'Errors that clients were told, by their code.',
			bad: 'INTERNAL_SERVER_ERROR at all, SERVICE_UNAVAILABLE for longer than a restart.',
			next: 'open a failed trace; did it begin at a deploy (blue line)? Roll back.',
			width: 6,
			unit: units.perSecond,
			queries: [over(rate('graphql_errors_total', { by: ['code'] }), '{{code}}')],
			links: [toFailedRequests, toErrorLines],
		}),
		lines({
			title: 'How long requests take',
			shows: 'Queries and mutations. The dots are traces: click one to see where its time went.',
			bad: 'p99 above the dashed line (250 ms).',
			next: 'open a dot far above; then cache, connection wait and event loop below.',
			width: 6,
			unit: units.seconds,
			limits: { watch: promises.answerSeconds },
			queries: [
				over(quantile(0.5, operations, { where: requests }), 'p50'),
				over(quantile(0.95, operations, { where: requests }), 'p95'),
				over(quantile(0.99, operations, { where: requests }), 'p99'),
			],
			links: [toBoard('cache'), toSlowRequests],
		}),
		lines({
			title: 'How late events reach subscribers',
			shows: "From a worker's commit to the subscriber's socket.",
			bad: 'p99 above 2 s: streams are no longer live.',
			next: 'Redis latency, the number of subscriptions, the event loop of the servers.',
			width: 6,
			unit: units.seconds,
			limits: { watch: 2 },
			queries: [
				over(quantile(0.5, 'subscription_delivery_seconds'), 'p50'),
				over(quantile(0.99, 'subscription_delivery_seconds'), 'p99'),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Subscriptions open',
			bad: 'a rise that never falls (a leak), or a fall to nought (nobody can connect).',
			next: 'compare with WebSockets; restart one server and see whether clients come back.',
			width: 6,
			unit: units.count,
			queries: [
				over(
					level('sum', 'graphql_subscriptions_active', { by: ['operation', 'transport'] }),
					'{{operation}} {{transport}}',
				),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'WebSockets open, opened, and closed by code',
			bad: '1006 in numbers: connections are cut; 4400 and above: clients do something wrong.',
			next: '1006 at a deploy is normal for a moment; else look at proxies and memory.',
			width: 6,
			unit: units.count,
			queries: [
				over(level('sum', 'websocket_connections'), 'open'),
				over(rate('websocket_opened_total'), 'opened/s'),
				over(rate('websocket_closed_total', { by: ['code'] }), 'closed/s {{code}}'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Requests refused',
			shows: 'What limits turned away, by the limit.',
			bad: 'a rise of depth or cost: somebody tries what is possible; rate_limit: a loop.',
			next: 'find the client in the log lines; it is held off already.',
			width: 6,
			unit: units.perSecond,
			queries: [over(rate('graphql_rejected_total', { by: ['reason'] }), '{{reason}}')],
			links: [toErrorLines],
		}),
		lines({
			title: 'HTTP answers by status',
			bad: '5xx: also downloads and the Etherscan-compatible doors fail, not GraphQL alone.',
			next: 'which route? Then its log lines.',
			width: 6,
			unit: units.perSecond,
			queries: [
				over(
					rate('http_server_request_duration_seconds', { by: ['route', 'status_class'] }),
					'{{route}} {{status_class}}',
				),
			],
			links: [toErrorLines],
		}),
	],
};
