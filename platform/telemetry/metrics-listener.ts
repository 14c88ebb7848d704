import { SourceError } from '../../domain/errors.ts';
import { isWaitForTurn } from '../../domain/retry.ts';
import {
	answerCodes,
	type JobOutcome,
	oneOf,
	type TelemetryEvent,
	type TelemetryEventOf,
} from '../../domain/telemetry.ts';
import { nameOf } from '../../domain/upstreams.ts';
import { closeCodes } from './instruments.ts';
import type { Metrics } from './metrics.ts';

const queue = 'contracts.download';
const cache = 'contract';
const pool = 'main';

/** What became of a message, seen from the queue: whether its job is done, comes again, or was nobody's. */
const messageOutcomes = {
	success: 'ok',
	error: 'ok',
	retry: 'retry',
	released: 'retry',
	failed: 'retry',
	stale: 'duplicate',
	superseded: 'duplicate',
} as const satisfies Record<JobOutcome, string>;

const breakerStates = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What is counted and measured of an event; of those that are not here, nothing. */
const table: {
	[T in TelemetryEvent['type']]?: (metrics: Metrics, event: TelemetryEventOf<T>) => void;
} = {
	'contract.changed'(metrics, { change: { from, contract } }) {
		const { status, submittedAt, updatedAt } = contract;
		metrics.count('contract_transitions_total', { from: from ?? 'NONE', to: status });
		if ((status !== 'SUCCESS' && status !== 'ERROR') || !submittedAt) return;
		const seconds = (updatedAt.getTime() - submittedAt.getTime()) / 1_000;
		metrics.observe('contract_end_to_end_seconds', { outcome: status }, seconds);
	},
	'contracts.submitted': (metrics, { kind, result, contracts }) =>
		metrics.count('contract_submissions_total', { result, kind }, contracts),
	'contract.read': (metrics, { path, cacheResult, seconds }) =>
		metrics.observe('read_duration_seconds', { path, cache_result: cacheResult }, seconds),
	'cache.read'(metrics, { result }) {
		if (result === 'coalesced') metrics.count('cache_coalesced_total', { cache });
		const counted = result === 'coalesced' ? 'miss' : result;
		metrics.count('cache_requests_total', { cache, result: counted });
	},
	'cache.filled': (metrics, { seconds }) =>
		metrics.observe('cache_load_duration_seconds', { cache }, seconds),
	'redis.called': (metrics, { operation: op, seconds }) =>
		metrics.observe('cache_operation_duration_seconds', { cache, op }, seconds),
	'job.ended'(metrics, { outcome, seconds, error }) {
		const labels = { queue, outcome: messageOutcomes[outcome] } as const;
		metrics.observe('messaging_process_duration_seconds', labels, seconds);
		if ((outcome !== 'retry' && outcome !== 'failed') || isWaitForTurn(error)) return;
		const reason = error instanceof SourceError ? error.code : 'INTERNAL';
		metrics.count('messaging_retries_total', { queue, reason });
	},
	'message.published': (metrics, { outcome, seconds }) =>
		metrics.observe('messaging_publish_duration_seconds', { destination: queue, outcome }, seconds),
	'message.received'(metrics, { redelivered }) {
		metrics.add('messaging_in_flight', { queue }, 1);
		if (redelivered) metrics.count('messaging_redelivered_total', { queue });
	},
	'message.started': (metrics, { waitedSeconds }) =>
		metrics.observe('messaging_time_in_queue_seconds', { queue }, waitedSeconds),
	'message.settled': (metrics) => metrics.add('messaging_in_flight', { queue }, -1),
	'message.dead-lettered': (metrics, { seconds }) =>
		metrics.observe(
			'messaging_process_duration_seconds',
			{ queue, outcome: 'dead_letter' },
			seconds,
		),
	'rabbitmq.connection'(metrics, { role, state }) {
		metrics.set('messaging_connection_up', { role }, state === 'down' ? 0 : 1);
		if (state === 'again') metrics.count('messaging_reconnects_total', { role });
	},
	'upstream.called'(metrics, { upstream, endpoint, outcome, seconds }) {
		if (outcome === null) return;
		const labels = { upstream: nameOf(upstream), endpoint, outcome };
		metrics.observe('upstream_request_duration_seconds', labels, seconds);
	},
	'upstream.waited'(metrics, { upstream, seconds }) {
		const labels = { upstream: nameOf(upstream) };
		metrics.observe('upstream_rate_limit_wait_seconds', labels, seconds);
	},
	'upstream.breaker'(metrics, { upstream, state }) {
		const labels = { upstream: nameOf(upstream) };
		metrics.set('circuit_breaker_state', labels, breakerStates[state]);
	},
	'mysql.called'(metrics, { operation, collection, outcome, seconds }) {
		const labels = { operation, collection, outcome };
		metrics.observe('db_client_operation_duration_seconds', labels, seconds);
	},
	'mysql.waited'(metrics, { seconds, timedOut }) {
		metrics.observe('db_client_connection_wait_time_seconds', { pool }, seconds);
		if (timedOut) metrics.count('db_client_connection_timeouts_total', { pool });
	},
	'http.answered'(metrics, { method, route, status, seconds }) {
		const status_class = status < 300 ? '2xx' : status < 400 ? '3xx' : status < 500 ? '4xx' : '5xx';
		const labels = { method, route, status_class } as const;
		metrics.observe('http_server_request_duration_seconds', labels, seconds);
	},
	'graphql.answered'(metrics, { operation, operationType: type, outcome, seconds }) {
		metrics.observe('graphql_operation_duration_seconds', { operation, type, outcome }, seconds);
	},
	'graphql.error': (metrics, { operation, code }) =>
		metrics.count('graphql_errors_total', { code: oneOf(answerCodes, code), operation }),
	'graphql.rejected': (metrics, { reason }) => metrics.count('graphql_rejected_total', { reason }),
	'subscription.opened': (metrics, { field: operation, transport }) =>
		metrics.add('graphql_subscriptions_active', { operation, transport }, 1),
	'subscription.closed': (metrics, { field: operation, transport }) =>
		metrics.add('graphql_subscriptions_active', { operation, transport }, -1),
	'subscription.event'(metrics, { field: operation, result, seconds }) {
		metrics.count('subscription_events_total', { operation, result });
		if (seconds !== null) metrics.observe('subscription_delivery_seconds', { operation }, seconds);
	},
	'websocket.opened': (metrics) => metrics.count('websocket_opened_total', {}),
	'websocket.closed': (metrics, { code }) =>
		metrics.count('websocket_closed_total', { code: oneOf(closeCodes, String(code)) }),
};

/** Counts and measures an event; what this process has no instrument for changes nothing. */
export function measure(metrics: Metrics, event: TelemetryEvent): void {
	// The table has each event under its own type.
	const listener = table[event.type] as ((on: Metrics, event: TelemetryEvent) => void) | undefined;
	listener?.(metrics, event);
}
