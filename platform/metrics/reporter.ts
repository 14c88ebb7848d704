import type { ContractKey, StatusEvent } from '../../domain/contract.ts';
import type { CallOutcome, Job, Rest, UpstreamEndpoint } from '../../domain/ports.ts';
import type { Provider } from '../../domain/source.ts';
import type {
	BrokerRole,
	CacheOperation,
	CacheRead,
	cacheResults,
	JobOutcome,
	PublishOutcome,
	SubmissionKind,
} from '../../domain/telemetry.ts';
import type { Change } from '../../domain/transitions.ts';

/** One method for each event: log and metrics are written together. */
export interface Reporter {
	/** A contract has changed; called once for each event, by the process that committed it. */
	changed(change: Change): void;
	/** The job of a committed submission could not be published: the sweeper will. */
	publishFailed(jobs: number, error: unknown): void;
	/** Other processes could not be told of a change; subscribers read it from the database. */
	announceFailed(event: StatusEvent, error: unknown): void;
	jobStarted(job: Job): void;
	/** `error` is the cause of a retry or an ERROR, whole, for the log only. */
	jobEnded(job: Job, outcome: JobOutcome, seconds: number, error?: unknown): void;
	/** Due jobs were put on the queue, or begun by this worker while there is none. */
	swept(jobs: number, to: 'queue' | 'worker'): void;
	/** Jobs that the queue has lost will soon be put there again. */
	recalled(jobs: number): void;
	sweepFailed(error: unknown): void;
	/** A message of the queue or of the feed that cannot be read. */
	unreadable(where: 'queue' | 'feed' | 'cache', error: unknown): void;
	cacheFailed(operation: 'get' | 'fill' | 'drop', error: unknown): void;
	/** What the cache had, once for each read through it. */
	cacheRead(result: CacheRead): void;
	/** A miss was loaded, and the cache filled where it would take it. */
	cacheFilled(seconds: number): void;
	/** One contract was read, found or not. */
	contractRead(
		path: 'cached' | 'uncached',
		cacheResult: (typeof cacheResults)[number],
		seconds: number,
	): void;
	/** So many contracts were queued, were known already, or were refused. */
	submitted(
		kind: SubmissionKind,
		result: 'accepted' | 'duplicate' | 'rejected',
		contracts: number,
	): void;
	/** A subscriber's events could not be read; it is tried again. */
	followFailed(key: ContractKey, error: unknown): void;
	/** The limits of upstream calls could not be shared; this process keeps to its share. */
	limitsFailed(error: unknown): void;
	/** An upstream was called, and answered or failed to. */
	upstreamCalled(
		upstream: Provider,
		call: { endpoint: UpstreamEndpoint; outcome: CallOutcome },
		seconds: number,
	): void;
	/** A download waited for its turn to call, or would have had to. */
	upstreamWaited(upstream: Provider, seconds: number): void;
	/** An account or key of an upstream is not used for a while. */
	keyRests(provider: Provider, account: string, rest: Rest): void;
	/** An upstream that kept failing is left alone, or is asked again. */
	breaker(provider: Provider, state: 'open' | 'half-open' | 'closed'): void;
	/** Redis went away or came back. */
	connection(system: 'redis', state: 'up' | 'down', error?: unknown): void;
	/** A connection to RabbitMQ is there for the first time, was lost, or is there again. */
	broker(role: BrokerRole, state: 'first' | 'down' | 'again', error?: unknown): void;
	/** One job was sent to the queue, and its confirm waited for. */
	published(outcome: PublishOutcome, seconds: number): void;
	/** A message has arrived; `redelivered`: the broker has handed it out before. */
	received(redelivered: boolean): void;
	/** Its job begins, so long after it was put on the queue. */
	begun(waitedSeconds: number): void;
	/** A message that arrived has been answered. */
	answered(): void;
	/** A message that cannot be read went to the dead letters. */
	deadLettered(error: unknown, seconds: number): void;
	/** Redis was asked, whatever came of it. */
	cacheAsked(operation: CacheOperation, seconds: number): void;
	/** A list of chains was taken over: into the database, or from there into service. */
	chainListTaken(from: 'upstream' | 'database', chains: number): void;
	/** The chains that are served stay as they are; it is tried again. */
	chainListFailed(from: 'upstream' | 'database', error: unknown): void;
	/** A line that a test operation asked for, to exercise the log. */
	testLine(level: 'error' | 'warn' | 'info' | 'debug', text: string, line: number): void;
	/** A request met something nobody expected; called once for each. */
	requestFailed(error: unknown, operation: string | null): void;
}
