import type { ChainLists, Chains } from './chain.ts';
import type { Backlog } from './line.ts';
import type {
	ContractCache,
	ContractStore,
	Feed,
	JobQueue,
	SourceStore,
	Upstreams,
} from './ports.ts';
import type { Fills } from './read-contract.ts';
import type { RetryPolicy } from './retry.ts';
import type { NextRecall } from './sweep.ts';
import type { Emit } from './telemetry.ts';

/** What the verbs work with. Each verb takes the part that it uses, and each process opens what its verbs need. */
export interface Context extends VerbOptions {
	store: ContractStore;
	sources: SourceStore;
	chainLists: ChainLists;
	queue: JobQueue;
	cache: ContractCache;
	feed: Feed;
	upstreams: Upstreams;
	emit: Emit;
	/** The chains that are served. */
	chains: Chains;
	/** What waits for its turn at the upstreams. */
	backlog: Backlog;
	/** The cache fills under way in this process. */
	fills: Fills;
	nextRecall: NextRecall;
}

/** What is set for the verbs, the same in every process. */
export interface VerbOptions {
	/** How long a published job may take to be claimed before it is published again. */
	graceMs: number;
	/** How long a claim holds before another worker may take the job. */
	leaseMs: number;
	/** How long "not verified" holds before an upstream is asked again. */
	notVerifiedMs: number;
	/** Whether the implementations of a proxy are submitted too. */
	followProxies: boolean;
	retry: RetryPolicy;
	/** How many due contracts are taken at once. */
	sweepBatch: number;
	/** With so many jobs on the queue, others wait in line. */
	mostQueued: number;
	/** How often the database is read for a contract that is followed and not finished. */
	pollMs: number;
	/** How long a follower waits for the feed before going on with the database alone. */
	attachMs: number;
}
