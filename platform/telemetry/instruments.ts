import * as known from '../../domain/telemetry.ts';
import {
	asked,
	counter,
	gauge,
	histogram,
	type Instrument,
	type Part,
	readSeconds,
	redisSeconds,
} from './instrument.ts';
import { ofBoth, ofWorkers } from './pipeline-instruments.ts';
import { ofServers } from './request-instruments.ts';

const pool = { pool: 'main' } as const;
const pools = { pool: [pool.pool] } as const;

/** What every process stands on. */
export const ofAll = {
	feed_channels: asked('Redis channels that are followed'),
	feed_listeners: asked('Streams that listen to them'),
	cache_operation_duration_seconds: histogram(
		'How long Redis took over an entry of the cache, or to tell of an event',
		redisSeconds,
		{ cache: ['contract'], op: known.cacheOperations },
		{ 'redis.called': ({ operation: op, seconds }) => [{ cache: 'contract', op }, seconds] },
	),
	db_client_operation_duration_seconds: histogram(
		'How long MySQL took over a statement of the pool, by its kind and its first table',
		readSeconds,
		{
			operation: known.statementOperations,
			collection: known.statementCollections,
			outcome: ['ok', 'error'],
		},
		{
			'mysql.called': ({ operation, collection, outcome, seconds }) => [
				{ operation, collection, outcome },
				seconds,
			],
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
		pools,
		{ 'mysql.waited': ({ seconds }) => [pool, seconds] },
	),
	db_client_connection_timeouts_total: counter('Connections that could not be had in time', pools, {
		'mysql.waited': ({ timedOut }) => (timedOut ? [pool] : undefined),
	}),
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
