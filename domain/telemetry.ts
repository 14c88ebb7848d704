import type { ContractKey, StatusEvent } from './contract.ts';
import type { CallOutcome, Job, Suspension, UpstreamEndpoint } from './ports.ts';
import type { Pruned } from './prune.ts';
import type { Change } from './transitions.ts';
import type { Provider } from './upstreams.ts';

/** What became of a delivered job. */
export type JobOutcome =
	| 'success'
	| 'error'
	| 'retry'
	| 'released'
	| 'stale'
	| 'superseded'
	| 'failed';

/**
 * Who asks for a download: a client, the same anew, a tool at the Etherscan API (`door`: a label's value, which
 * dashboards that are in use may name), a worker that found a proxy.
 */
export const submissionKinds = ['submit', 'refresh', 'door', 'implementation'] as const;
export type SubmissionKind = (typeof submissionKinds)[number];

/** `bypass`: not called, after an outage. */
export const cacheResults = ['hit', 'miss', 'coalesced', 'bypass', 'none'] as const;
export type CacheResult = (typeof cacheResults)[number];

/** What a connection to RabbitMQ is for. */
export type BrokerRole = 'publisher' | 'consumer';

/** `unavailable`: there was no connection, or it was lost before the broker answered. */
export const publishOutcomes = ['ok', 'nack', 'returned', 'timeout', 'unavailable'] as const;
export type PublishOutcome = (typeof publishOutcomes)[number];

export const cacheOperations = ['get', 'set', 'del', 'publish'] as const;
export type CacheOperation = (typeof cacheOperations)[number];

export const statementOperations = ['SELECT', 'INSERT', 'UPDATE', 'COMMIT', 'other'] as const;
export type StatementOperation = (typeof statementOperations)[number];
export const statementCollections = [
	'contracts',
	'contract_events',
	'contract_sources',
	'source_blobs',
	'chain_lists',
	'other',
] as const;
export type StatementCollection = (typeof statementCollections)[number];

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export const httpMethods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'other'] as const;
export type HttpMethod = (typeof httpMethods)[number];

export const httpRoutes = ['/graphql', '/contracts', '/api', '/health', 'other'] as const;
export type HttpRoute = (typeof httpRoutes)[number];

export const operationTypes = ['query', 'mutation', 'subscription'] as const;
export type OperationType = (typeof operationTypes)[number];

/**
 * The operations of this project's own documents: GraphiQL's tabs, the documents, the clients they
 * describe, and what GraphiQL itself asks. Only these names stand in metrics and traces: clients' own are without number.
 */
export const ownOperations: Readonly<Record<string, OperationType>> = {
	Submit: 'mutation',
	SubmitMany: 'mutation',
	Watch: 'subscription',
	WatchMany: 'subscription',
	Read: 'query',
	ReadCached: 'query',
	List: 'query',
	ById: 'query',
	Chains: 'query',
	IntrospectionQuery: 'query',
};

export const operationOutcomes = ['ok', 'client_error', 'server_error', 'cancelled'] as const;
export type OperationOutcome = (typeof operationOutcomes)[number];

/** The codes of errors in answers; any other counts as `other`. */
export const answerCodes = [
	'BAD_USER_INPUT',
	'GRAPHQL_PARSE_FAILED',
	'GRAPHQL_VALIDATION_FAILED',
	'BAD_REQUEST',
	'REQUEST_ENTITY_TOO_LARGE',
	'RATE_LIMITED',
	'UNAUTHENTICATED',
	'TOO_MANY_CONNECTIONS',
	'TOO_MANY_SUBSCRIPTIONS',
	'SERVICE_UNAVAILABLE',
	'INTERNAL_SERVER_ERROR',
	'other',
] as const;

/** Why an operation was not run, or was turned away. */
export const rejections = [
	'parse',
	'validate',
	'depth',
	'cost',
	'aliases',
	'tokens',
	'directives',
	'rate_limit',
	'connections',
	'subscriptions',
	'request',
] as const;
export type Rejection = (typeof rejections)[number];

export const subscriptionFields = ['contractStatus', 'contractStatuses'] as const;
export type SubscriptionField = (typeof subscriptionFields)[number];

export const transports = ['ws', 'sse'] as const;
export type SubscriptionTransport = (typeof transports)[number];

/** What became of an event for one subscriber: handed to the socket, left over by one who left, or an error. */
export const deliveryResults = ['sent', 'dropped', 'failed'] as const;
export type DeliveryResult = (typeof deliveryResults)[number];

/**
 * What happened, once for each time. Verbs and drivers emit it; what becomes of it in log, metrics and spans is
 * decided in `platform/telemetry` alone.
 */
export type TelemetryEvent =
	/** A contract has changed; emitted once for each status event, by the process that committed it. */
	| { type: 'contract.changed'; change: Change }
	/** Contracts were queued, were known already, or were refused. */
	| {
			type: 'contracts.submitted';
			kind: SubmissionKind;
			result: 'accepted' | 'duplicate' | 'rejected';
			contracts: number;
	  }
	/** One contract was read, found or not. */
	| {
			type: 'contract.read';
			path: 'cached' | 'uncached';
			cacheResult: CacheResult;
			seconds: number;
	  }
	/** The jobs of committed submissions could not be published: the sweeper will. */
	| { type: 'jobs.publish-failed'; jobs: number; error: unknown }
	/** Due jobs were put on the queue, or begun by this worker while there is none. */
	| { type: 'jobs.swept'; jobs: number; to: 'queue' | 'worker' }
	/** Jobs that the queue has lost will soon be put there again. */
	| { type: 'jobs.recalled'; jobs: number }
	| { type: 'sweep.failed'; error: unknown }
	/** Rows that are not to be kept were removed. */
	| { type: 'pruned'; kind: keyof Pruned; rows: number }
	/** All that is kept has been looked at, in so many seconds with the pauses in between. */
	| { type: 'prune.ended'; removed: Pruned; seconds: number }
	| { type: 'prune.failed'; error: unknown }
	/** That somebody read them is not in the database yet. */
	| { type: 'reads.not-saved'; contracts: number; error: unknown }
	| { type: 'job.started'; job: Job }
	/** `error` is the cause of a retry or an ERROR, whole, for the log only. */
	| { type: 'job.ended'; job: Job; outcome: JobOutcome; seconds: number; error?: unknown }
	/** Other processes did not hear of a change; subscribers read it from the database. */
	| { type: 'event.announce-failed'; event: StatusEvent; error: unknown }
	/** A subscriber's events could not be read; it is tried again. */
	| { type: 'follow.failed'; key: ContractKey; error: unknown }
	/** A message of the queue, the feed or the cache that cannot be read. */
	| { type: 'message.unreadable'; where: 'queue' | 'feed' | 'cache'; error: unknown }
	/** One job was sent to the queue, and its confirm waited for. */
	| { type: 'message.published'; outcome: PublishOutcome; seconds: number }
	/** A message has arrived; `redelivered`: the broker has handed it out before. */
	| { type: 'message.received'; redelivered: boolean }
	/** Its job starts, so long after it was put on the queue. */
	| { type: 'message.started'; waitedSeconds: number }
	/** A message that arrived was acknowledged or rejected. */
	| { type: 'message.settled' }
	/** A message that cannot be read went to the dead letters. */
	| { type: 'message.dead-lettered'; error: unknown; seconds: number }
	/** A connection to RabbitMQ is there for the first time, was lost, or is there again. */
	| {
			type: 'rabbitmq.connection';
			role: BrokerRole;
			state: 'first' | 'down' | 'again';
			error?: unknown;
	  }
	/** Redis went away or came back. */
	| { type: 'redis.connection'; state: 'up' | 'down'; error?: unknown }
	/** Redis was called, whatever came of it. */
	| { type: 'redis.called'; operation: CacheOperation; seconds: number }
	/** What the cache had, once for each read through it; `stale`: an entry from before a fail-over. */
	| { type: 'cache.read'; result: Exclude<CacheResult, 'none'> | 'stale' | 'error' }
	/** A miss was loaded, and the cache filled where it would take it. */
	| { type: 'cache.filled'; seconds: number }
	| { type: 'cache.failed'; operation: 'get' | 'fill' | 'drop'; error: unknown }
	/** An upstream was called, and answered or failed to; `outcome` null: this worker gave the call up. */
	| {
			type: 'upstream.called';
			upstream: Provider;
			endpoint: UpstreamEndpoint;
			outcome: CallOutcome | null;
			seconds: number;
			/** Without its query, in which a key may stand. */
			url: string;
			/** Of HTTP; null without an answer. */
			status: number | null;
			error?: unknown;
	  }
	/** One wait for a turn to call is over, or was refused with `error`. */
	| { type: 'upstream.wait-ended'; upstream: Provider; seconds: number; error?: unknown }
	/** All waits before one call together, or what the wait that was refused would have been. */
	| { type: 'upstream.waited'; upstream: Provider; seconds: number }
	/** An account or key of an upstream is not used for a while. */
	| {
			type: 'upstream.key-suspended';
			upstream: Provider;
			account: string;
			state: Suspension['state'];
			forMs: number;
	  }
	/** An upstream that kept failing is left alone, or is asked again. */
	| { type: 'upstream.breaker'; upstream: Provider; state: 'open' | 'half-open' | 'closed' }
	/** The limits of upstream calls could not be shared; this process keeps to its share. */
	| { type: 'call-limits.failed'; error: unknown }
	/** A list of chains was taken over: into the database, or from there into service. */
	| { type: 'chain-list.taken'; from: 'upstream' | 'database'; chains: number }
	/** The chains that are served stay as they are; it is tried again. */
	| { type: 'chain-list.failed'; from: 'upstream' | 'database'; error: unknown }
	/** MySQL was called: what the statement does, and to which of our tables. */
	| {
			type: 'mysql.called';
			operation: StatementOperation;
			collection: StatementCollection;
			outcome: 'ok' | 'error';
			seconds: number;
	  }
	/** A connection of the pool was waited for; `timedOut`: until the attempt to make one was given up. */
	| { type: 'mysql.waited'; seconds: number; timedOut: boolean }
	/** An HTTP request has its answer, or its event stream began; 499: its client left before. */
	| { type: 'http.answered'; method: HttpMethod; route: HttpRoute; status: number; seconds: number }
	/** An operation has its answer, or its stream began. `operation`: a name of ours, other, anonymous or invalid. */
	| {
			type: 'graphql.answered';
			operation: string;
			operationType: OperationType | 'unknown';
			outcome: OperationOutcome;
			seconds: number;
	  }
	/** One error of an answer, or of an event of a stream. */
	| { type: 'graphql.error'; operation: string; code: string }
	| { type: 'graphql.rejected'; reason: Rejection }
	| { type: 'subscription.opened'; field: SubscriptionField; transport: SubscriptionTransport }
	| { type: 'subscription.closed'; field: SubscriptionField; transport: SubscriptionTransport }
	/** `seconds` from its commit to the socket; null where it is older than the subscription. */
	| {
			type: 'subscription.event';
			field: SubscriptionField;
			result: DeliveryResult;
			seconds: number | null;
	  }
	| { type: 'websocket.opened' }
	| { type: 'websocket.closed'; code: number }
	/** A line that a test operation asked for, to exercise the log. */
	| { type: 'test.line'; level: LogLevel; text: string; line: number }
	/** A request met something nobody expected; emitted once for each. */
	| { type: 'request.failed'; error: unknown; operation: string | null };

/** The event of one type. */
export type TelemetryEventOf<T extends TelemetryEvent['type']> = Extract<
	TelemetryEvent,
	{ type: T }
>;

/** Takes note of an event. Never throws and never waits. */
export type Emit = (event: TelemetryEvent) => void;

/** One of a closed set; `other` for all else that clients and servers may say. */
export function oneOf<T extends string>(set: readonly (T | 'other')[], text: unknown): T | 'other' {
	return set.find((one) => one === text) ?? 'other';
}
