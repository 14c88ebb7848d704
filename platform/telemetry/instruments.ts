import { contractErrorCodes } from '../../domain/errors.ts';
import { callOutcomes } from '../../domain/ports.ts';
import { mayMove, statuses } from '../../domain/status.ts';
import * as known from '../../domain/telemetry.ts';
import { upstreamNames, upstreams } from '../../domain/upstreams.ts';
import {
	answerSeconds,
	asked,
	counter,
	gauge,
	histogram,
	type Instrument,
	isRoleOf,
	isUsualRequest,
	lifeSeconds,
	mayHaveError,
	type Part,
	type Process,
	readSeconds,
	redisSeconds,
	typeOf,
	waitSeconds,
} from './instrument.ts';

const queue = { queue: ['contracts.download'] } as const;
const cache = { cache: ['contract'] } as const;
const pool = { pool: ['main'] } as const;
/** Of WebSockets. */
export const closeCodes =
	'1000 1001 1002 1003 1005 1006 1007 1008 1009 1011 4400 4401 4406 4408 4409 4429 4500 other'.split(
		' ',
	);
const operationNames = [...Object.keys(known.ownOperations), 'other', 'anonymous', 'invalid'];
const upstream = { upstream: upstreamNames } as const;
const isNamed = (labels: { upstream: string }, process: Process) =>
	process.upstreams.includes(labels.upstream);

/** How a server answers its clients. */
export const ofServers = {
	graphql_operation_duration_seconds: histogram(
		'GraphQL operations until their answer, and subscriptions until their start',
		answerSeconds,
		{
			operation: operationNames,
			type: [...known.operationTypes, 'unknown'],
			outcome: known.operationOutcomes,
		},
		({ operation, type, outcome }) =>
			operation === 'invalid'
				? type === 'unknown' && outcome !== 'ok'
				: type !== 'unknown' && type === (typeOf(operation) ?? type),
	),
	graphql_errors_total: counter(
		'Errors in GraphQL answers, by their code',
		{ code: known.answerCodes, operation: operationNames },
		({ code, operation }) => mayHaveError(operation, code),
	),
	graphql_rejected_total: counter('GraphQL operations that were not begun, or were turned away', {
		reason: known.rejections,
	}),
	http_server_request_duration_seconds: histogram(
		'HTTP requests until their answer, and event streams until they began',
		answerSeconds,
		{
			method: known.httpMethods,
			route: known.httpRoutes,
			status_class: ['2xx', '3xx', '4xx', '5xx'],
		},
		isUsualRequest,
	),
	graphql_subscriptions_active: gauge('Subscriptions that are open, by field and transport', {
		operation: known.subscriptionFields,
		transport: known.transports,
	}),
	websocket_connections: asked('WebSockets that are open'),
	websocket_opened_total: counter('WebSockets that were opened', {}),
	websocket_closed_total: counter('WebSockets that were closed, by code; 1006: without a word', {
		code: closeCodes,
	}),
	subscription_events_total: counter(
		'Events for subscribers: handed to the socket, left over by one who left, or sent as an error',
		{ operation: known.subscriptionFields, result: known.deliveryResults },
	),
	subscription_delivery_seconds: histogram(
		"From an event's commit to its subscriber's socket, for events since the subscription began",
		waitSeconds,
		{ operation: known.subscriptionFields },
	),
	cache_requests_total: counter(
		'Reads through the cache; stale: an entry from before a fail-over, which counts as none',
		{ ...cache, result: ['hit', 'miss', 'stale', 'bypass', 'error'] },
	),
	cache_load_duration_seconds: histogram(
		'What a miss costs: reading the database and filling the cache',
		readSeconds,
		cache,
	),
	cache_coalesced_total: counter(
		'Misses that waited for a load under way instead of a load of their own',
		cache,
	),
	read_duration_seconds: histogram(
		'Reads of one contract, straight from the database or through the cache',
		readSeconds,
		{ path: ['cached', 'uncached'], cache_result: known.cacheResults },
		({ path, cache_result }) => (path === 'uncached') === (cache_result === 'none'),
	),
};

/** How a worker downloads. */
export const ofWorkers = {
	contract_end_to_end_seconds: histogram(
		'From the last accepted submission to its end',
		lifeSeconds,
		{
			outcome: ['SUCCESS', 'ERROR'],
		},
	),
	messaging_time_in_queue_seconds: histogram(
		'From publishing a message to the beginning of its job, by the clocks of both processes',
		waitSeconds,
		queue,
	),
	messaging_process_duration_seconds: histogram(
		'How long a job took; retry: it comes again, duplicate: it was done or held already',
		waitSeconds,
		{ ...queue, outcome: ['ok', 'retry', 'dead_letter', 'duplicate'] },
	),
	messaging_redelivered_total: counter('Messages that the broker had handed out before', queue),
	messaging_retries_total: counter(
		'Attempts that failed and will be made again, by the code of their error; not waits for a turn',
		{ ...queue, reason: contractErrorCodes },
	),
	messaging_in_flight: gauge('Messages that this worker holds, at most its prefetch', queue),
	upstream_request_duration_seconds: histogram(
		'From a request to an upstream to what was made of its answer',
		waitSeconds,
		{ ...upstream, endpoint: ['source', 'chainlist'], outcome: callOutcomes },
		(labels, process) =>
			isNamed(labels, process) &&
			(labels.endpoint === 'source' || upstreams[labels.upstream].listsChains),
	),
	upstream_rate_limit_wait_seconds: histogram(
		'How long a download waited for its turn to call, or would have had to',
		waitSeconds,
		upstream,
		isNamed,
	),
	upstream_calls_left_today: asked(
		'Calls that an account has left until 00:00 UTC, where its quota is known',
		...(['upstream', 'account'] as const),
	),
	circuit_breaker_state: gauge('0: asked, 1: one call tries, 2: left alone', upstream, isNamed),
};

/** What servers and workers do alike. */
export const ofBoth = {
	contract_submissions_total: counter(
		'Contracts submitted: queued, known already, or refused',
		{ result: ['accepted', 'duplicate', 'rejected'], kind: known.submissionKinds },
		// Workers submit what a proxy leads to, servers all else. Only a client can ask for what is not served.
		({ result, kind }, { part }) =>
			(kind === 'implementation') === (part === 'worker') &&
			(result !== 'rejected' || kind === 'submit' || kind === 'refresh'),
	),
	contract_transitions_total: counter(
		'Changes of status that were committed; NONE: the contract is new',
		{ from: ['NONE', ...statuses], to: statuses },
		// A server accepts submissions and nothing else.
		({ from, to }, { part }) =>
			(part !== 'server' || to === 'CREATED') && mayMove(from === 'NONE' ? null : from, to),
	),
	messaging_publish_duration_seconds: histogram(
		'From sending a message to the confirm of the broker, or to giving it up',
		answerSeconds,
		{ destination: queue.queue, outcome: known.publishOutcomes },
	),
	messaging_connection_up: gauge(
		'Whether this process is connected to RabbitMQ, by what for',
		{ role: ['publisher', 'consumer'] },
		isRoleOf,
	),
	messaging_reconnects_total: counter(
		'Connections to RabbitMQ that were lost and made anew',
		{ role: ['publisher', 'consumer'] },
		isRoleOf,
	),
};

/** What every process stands on. */
export const ofAll = {
	feed_channels: asked('Redis channels that are followed'),
	feed_listeners: asked('Streams that listen to them'),
	cache_operation_duration_seconds: histogram(
		'How long Redis took over an entry of the cache, or to tell of an event',
		redisSeconds,
		{ ...cache, op: known.cacheOperations },
	),
	db_client_operation_duration_seconds: histogram(
		'How long MySQL took over a statement of the pool, by its kind and its first table',
		readSeconds,
		{
			operation: known.statementOperations,
			collection: known.statementCollections,
			outcome: ['ok', 'error'],
		},
		({ operation, collection }) =>
			collection === 'other' || (operation !== 'COMMIT' && operation !== 'other'),
	),
	db_client_connection_count: asked(
		'Connections of the pool, by whether somebody has them',
		...(['pool', 'state'] as const),
	),
	db_client_connection_pending_requests: asked('Those who wait for a connection now', 'pool'),
	db_client_connection_wait_time_seconds: histogram(
		'How long a connection of the pool was waited for, or made',
		readSeconds,
		pool,
	),
	db_client_connection_timeouts_total: counter('Connections that could not be had in time', pool),
	log_entries_total: counter('Lines that were logged', { level: known.logLevels }),
	log_entries_dropped_total: counter(
		'Lines that did not get into Loki; standard output has them',
		// No room left, Loki refused them or kept failing on them, or the process ended.
		{ reason: ['full', 'refused', 'failed', 'shutdown'] },
	),
	log_buffer_entries: asked('Lines that wait to be sent to Loki'),
	log_delivery_failing: asked('1 while the last attempt to send lines to Loki failed'),
	otel_spans_dropped_total: counter('Spans that found no room or could not be sent', {}),
	otel_delivery_failing: gauge('1 while the last attempt to send spans failed', {}),
	app_build_info: asked(
		'Always 1, with what is running as its labels',
		...(['version', 'commit'] as const),
	),
};

/** Facts about the whole system: only the worker that leads shows them, so that no old value stands beside a new one. */
export const ofSystem = {
	contracts: asked('Contracts in the database, by status', 'status'),
	contract_oldest_unfinished_age_seconds: asked(
		'Since the submission of the contract that waits for longest, save those whose next attempt is set for later; 0: none waits',
		'status',
	),
	messaging_outbox_pending: asked('Contracts that are due to be put on the queue'),
	messaging_outbox_oldest_age_seconds: asked(
		'For how long the contract has been due that is due for longest; 0: none is',
	),
};

/** The warm-up ends before it can be scraped, so whoever goes on running shows its result. */
export const ofWarmup = {
	cache_warmup_entries: asked('Contracts of the last warm-up, by what became of them', 'result'),
	cache_warmup_duration_seconds: asked('How long the last warm-up took'),
	cache_warmup_last_success_timestamp_seconds: asked(
		'When the last warm-up ended, in Unix time; 0: never',
	),
};

/** What prom-client makes by itself; those that a panel, a rule or the status page reads. */
export const ofNode = {
	nodejs_eventloop_lag_p99_seconds: asked('Of the time between two scrapes'),
	nodejs_gc_duration_seconds: histogram('By kind of collection', [], { kind: [] }),
	nodejs_heap_size_used_bytes: asked('Of JavaScript'),
	nodejs_heap_space_size_used_bytes: asked('By space', 'space'),
	process_cpu_seconds_total: counter('User and system', {}),
	process_resident_memory_bytes: asked('All of it'),
	process_start_time_seconds: asked('In Unix time'),
	process_open_fds: asked('Open files'),
	process_max_fds: asked('How many there can be'),
};

export const instruments = {
	...ofServers,
	...ofWorkers,
	...ofBoth,
	...ofAll,
	...ofSystem,
	...ofWarmup,
};

/** Which process has which of them, those of Node.js left out. */
export const instrumentsOf: Record<Part, Readonly<Record<string, Instrument>>> = {
	server: { ...ofServers, ...ofBoth, ...ofAll, ...ofWarmup },
	worker: { ...ofWorkers, ...ofBoth, ...ofAll, ...ofSystem },
	warmup: ofAll,
};
