import type { ApiKey, KeyLimits } from './api-key.ts';
import type { Contract, ContractKey, StatusEvent } from './contract.ts';
import type { Retention } from './prune.ts';
import type { FetchedSource, SourceDescription, StandardJson } from './source.ts';
import type { Status } from './status.ts';
import type { Change, Decide } from './transitions.ts';
import type { Provider } from './upstreams.ts';

/** A download to be done: the contract as it stood at `version`. */
export interface Job extends ContractKey {
	version: number;
}

/** A job to be put on the queue, with the `traceparent` of the contract's last accepted submission. */
export interface TracedJob extends Job {
	trace: string | null;
}

/** Why a job is put on the queue: its contract was submitted just now, or it has to be seen to once more. */
export type Occasion = 'submitted' | 'again';

export interface ContractFilter {
	status?: Status | undefined;
	chainId?: number | undefined;
	/** Name of the contract, exactly. */
	name?: string | undefined;
}

/** A place in the list of contracts, newest change first. */
export interface Position extends ContractKey {
	updatedAt: Date;
}

/** What is not finished. */
interface Waiting {
	queued: number;
	lines: Map<number, number>;
}

/** The truth. */
export interface ContractStore {
	readContract(key: ContractKey): Promise<Contract | null>;
	/** In the order asked. */
	readContracts(keys: readonly ContractKey[]): Promise<(Contract | null)[]>;
	/** The newest change first. */
	listContracts(filter: ContractFilter, limit: number, after: Position | null): Promise<Contract[]>;
	/**
	 * Events with a version above `afterVersion`, oldest first; `ahead` where the contract has not come as
	 * far as `afterVersion`.
	 */
	readEvents(
		key: ContractKey,
		afterVersion: number,
		limit: number,
	): Promise<StatusEvent[] | 'ahead'>;
	readNewestEvent(key: ContractKey): Promise<StatusEvent | null>;
	/** The version that each stands at, in the order asked; 0 for one that nobody has submitted. */
	readVersions(keys: readonly ContractKey[]): Promise<number[]>;
	/** Every event of each contract, oldest first. */
	readHistories(keys: readonly ContractKey[]): Promise<StatusEvent[][]>;
	/** Up to `limit` distinct sources that each contract has had, the one it has now first. */
	readSources(keys: readonly ContractKey[], limit: number): Promise<SourceDescription[][]>;
	/** One of the sources that the contract has had, by its hash. */
	readSource(key: ContractKey, hash: string): Promise<SourceDescription | null>;
	/**
	 * Locks the contracts, lets `decide` say what becomes of each, and stores the changes with their
	 * events in one transaction. Tries again after a deadlock or a lost race to insert. `areNew`: nobody had
	 * submitted them a moment ago, so they are not looked for first.
	 */
	changeContracts(
		keys: readonly ContractKey[],
		decide: Decide,
		options?: { areNew?: boolean },
	): Promise<(Change | null)[]>;
	/** How many are not finished and due soon, and how many wait in each line. */
	countWaiting(): Promise<Waiting>;
	/** How many wait in each line. */
	readLines(): Promise<Map<number, number>>;
	/** Takes so many out of each line, those that came first; two callers never get the same one. Due after `graceMs`. */
	takeFromLines(shares: ReadonlyMap<number, number>, graceMs: number): Promise<TracedJob[]>;
	/** Takes contracts whose time has come, moving it on; two callers never get the same one. */
	takeDue(limit: number, graceMs: number): Promise<TracedJob[]>;
	/**
	 * Makes up to `limit` contracts due after `graceMs` that have been put on the queue and would be put there
	 * again later only; how many.
	 */
	recallLost(limit: number, times: { graceMs: number; leaseMs: number }): Promise<number>;
	/** Makes contracts that still stand at these versions due after `ms`. */
	putOff(jobs: readonly Job[], ms: number): Promise<void>;
}

/** Sources by hash: they never change. */
export interface SourceStore {
	saveSource(source: FetchedSource): Promise<void>;
	/** In the order asked; null for a hash that is not there. */
	readStandardJsons(hashes: readonly string[]): Promise<(StandardJson | null)[]>;
	readAbis(hashes: readonly string[]): Promise<(unknown[] | null)[]>;
	/** Constructor arguments that are stored apart. */
	readArguments(hashes: readonly string[]): Promise<(string | null)[]>;
}

/** The keys that clients were given; of one name one at the most is not revoked. */
export interface ApiKeys {
	/** Revoked ones too, the oldest first. */
	list(): Promise<ApiKey[]>;
	find(hash: string): Promise<ApiKey | null>;
	/** False where there is one of that name. */
	add(name: string, hash: string, limits: KeyLimits): Promise<boolean>;
	/** False where there is none of that name, as of `limit`. */
	revoke(name: string): Promise<boolean>;
	limit(name: string, limits: Partial<KeyLimits>): Promise<boolean>;
}

/** What is removed from the database. Each call is short, and locks nothing for longer. */
export interface Pruning {
	/**
	 * Looks at the next `limit` contracts in the order of their keys: which have been read by nobody for too long, and which
	 * may have events of more runs than are kept. `last`: where to go on; null at the end.
	 */
	findContracts(
		after: ContractKey | null,
		limit: number,
		retention: Retention,
	): Promise<{ last: ContractKey | null; unread: Job[]; longHistories: ContractKey[] }>;
	/** Removes those that still are as they were found, and leaves alone what somebody holds; returns the removed ones. */
	removeContracts(unread: readonly Job[], days: number): Promise<Job[]>;
	/** Removes the events of all runs but the newest; how many. */
	removeEvents(key: ContractKey, runs: number, dryRun: boolean): Promise<number>;
	/** Looks at the next `limit` sources and ABIs: which of them nothing has named for so many days. */
	findUnusedSources(
		after: string | null,
		limit: number,
		days: number,
	): Promise<{ last: string | null; unused: string[] }>;
	/** Removes those that still are unused; how many. */
	removeSources(hashes: readonly string[], days: number): Promise<number>;
	/** Forgets up to `limit` readings that are longer ago; how many. */
	forgetReads(days: number, limit: number): Promise<number>;
	/** Contracts that were read today. */
	saveReads(keys: readonly ContractKey[]): Promise<void>;
}

/** Where jobs wait. May lose everything without a contract being lost. */
export interface JobQueue {
	/** Whether the broker is there now. */
	isOpen(): boolean;
	/** Jobs that nobody has been handed. Rejects when the broker cannot be asked. */
	depth(): Promise<number>;
	/** Resolves once the broker has confirmed all of them; rejects where one was not confirmed. */
	publish(jobs: readonly TracedJob[], occasion: Occasion): Promise<void>;
}

interface Attachment {
	/** Settled when the channel is known to be attached; never rejects. */
	attached: Promise<void>;
	detach(): void;
}

export interface FeedListener {
	event(event: StatusEvent): void;
	/** Something may have been missed: read the database again. */
	gap(): void;
}

/** Where events are published to whoever listens now. */
export interface Feed {
	publish(event: StatusEvent): Promise<void>;
	attach(key: ContractKey, listener: FeedListener): Attachment;
	/** Whether any process follows each now, in the order asked. Rejects where Redis cannot say. */
	followed(keys: readonly ContractKey[]): Promise<boolean[]>;
}

/** The right to fill one entry, given out with a miss and void once the entry is dropped. */
export type FillTicket = string;

/** `stale`: there was an entry, from before a fail-over. */
export type CacheAnswer = { hit: Contract } | { miss: FillTicket; stale?: boolean };

export interface ContractCache {
	/** Null for a while after an outage, when others may not yet have dropped what they had to: read elsewhere. */
	get(key: ContractKey): Promise<CacheAnswer | null>;
	/** Stores the contract unless the entry was dropped since the ticket was given. */
	fill(contract: Contract, ticket: FillTicket): Promise<boolean>;
	/** Drops the entry, and every fill under way, unless the entry already holds `version` or newer. */
	drop(key: ContractKey, version: number): Promise<void>;
}

/** What a download asks of its upstreams. */
export interface SourceRequest {
	key: ContractKey;
	/** These have said lately that they hold nothing. */
	ruledOut: readonly Provider[];
}

/** The right to ask for the source of one contract; used once, or given back. */
export interface SourceTurn {
	/**
	 * Asks the upstream whose turn it is and, where that has no source, the next ones in their order, each in
	 * a turn of its own. Rejects as `takeTurn` does.
	 */
	fetch(signal: AbortSignal): Promise<FetchedSource>;
	/** Nothing was asked: another download takes the turn. */
	giveBack(): void;
}

/** Where source code comes from. */
export interface Upstreams {
	/**
	 * Waits for the turn at the first upstream that may have the source. Rejects with a `SourceError` for every
	 * failure that is understood, also where none gives a turn, and with the signal's reason when it fires.
	 */
	takeTurn(request: SourceRequest, signal: AbortSignal): Promise<SourceTurn>;
}

export const callOutcomes = [
	'ok',
	'not_found',
	'rate_limited',
	'http_4xx',
	'http_5xx',
	'timeout',
	'network',
	// An answer that cannot be understood, and one that is about a contract which cannot be stored.
	'invalid',
	'unusable',
] as const;
export type CallOutcome = (typeof callOutcomes)[number];

export type UpstreamEndpoint = 'source' | 'chainlist';

/** The time of a slot that was reserved for one call, or how long until it is worth asking again. */
export type Reservation = { inMs: number } | { againInMs: number };

/** Why an account or a key is not used, and for how long. */
export interface Suspension {
	state: 'parked' | 'refused';
	forMs: number;
}

/** Scarce calls, shared out over all processes. No method rejects: each goes on by itself without Redis. */
export interface CallLimits {
	/** Reserves the next free slot of an account that may be called so often. */
	reserve(account: string, perSecond: number): Promise<Reservation>;
	/** Counts a call of this UTC day; false when they are spent. */
	countToday(account: string, perDay: number): Promise<boolean>;
	/** Nobody calls for this account for so long. */
	holdBack(account: string, ms: number): Promise<void>;
	/** An account or a key is not to be used for a while. */
	suspend(name: string, suspension: Suspension): Promise<void>;
	/** In the order asked; null for what may be used. */
	suspensions(names: readonly string[]): Promise<(Suspension | null)[]>;
}
