import { known, type MakeSection, section } from './section.ts';
import { duration, listed, number, share } from './words.ts';

const operations = 'graphql_operation_duration_seconds';
const answers = 'http_server_request_duration_seconds';

/** What clients ask, and what they get. */
export const requests: MakeSection = (reading, upSeconds) =>
	section('Requests, since the start', [
		known(reading, operations, () => {
			const all = reading.spread(operations)?.count ?? 0;
			const value = `${number(all)}, ${number(all / upSeconds)} a second`;
			return { label: 'GraphQL operations', value };
		}),
		known(reading, operations, () => {
			const all = reading.spread(operations)?.count ?? 0;
			const failed = reading.spread(operations, { outcome: 'server_error' })?.count ?? 0;
			const value = `${number(failed)}${failed > 0 ? ` (${share(failed, all)})` : ''}`;
			return { label: 'failed by our fault', value };
		}),
		...['query', 'mutation'].map((type) =>
			known(reading, operations, () => {
				const spread = reading.spread(operations, { type });
				const label = type === 'query' ? 'queries' : 'mutations';
				return spread && { label, value: `95 % within ${duration(spread.p95)}` };
			}),
		),
		known(reading, 'graphql_rejected_total', () => {
			const rejected = reading.by('graphql_rejected_total', 'reason');
			return { label: 'refused', value: listed(rejected, 'none') };
		}),
		known(reading, answers, () => {
			const routes = reading.by(answers, 'route');
			return { label: 'HTTP requests by route', value: listed(routes, 'none') };
		}),
	]);

/** Who listens, and how soon they are told. */
export const streams: MakeSection = (reading) =>
	section('Subscriptions', [
		known(reading, 'graphql_subscriptions_active', () => {
			const open = reading.by('graphql_subscriptions_active', 'transport');
			return { label: 'open now', value: listed(open, 'none') };
		}),
		known(reading, 'websocket_connections', () => ({
			label: 'WebSockets',
			value: number(reading.sum('websocket_connections')),
		})),
		known(reading, 'subscription_events_total', () => {
			const told = reading.by('subscription_events_total', 'result');
			return { label: 'events, since the start', value: listed(told, 'none yet') };
		}),
		known(reading, 'subscription_delivery_seconds', () => {
			const late = reading.spread('subscription_delivery_seconds');
			const value = late ? `95 % within ${duration(late.p95)} of the change` : 'none yet';
			return { label: 'delivery', value };
		}),
	]);
