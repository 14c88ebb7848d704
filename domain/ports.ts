import type { Change, Decide } from './advance.ts';
import type { Contract, ContractKey, StatusEvent } from './contract.ts';
import type { FetchedSource, SourceDescription, StandardJson } from './source.ts';
import type { Status } from './status.ts';

/** A download to be done: the contract as it stood at `version`. */
export interface Job extends ContractKey {
	version: number;
}

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

/** The truth. */
export interface ContractStore {
	read(key: ContractKey): Promise<Contract | null>;
	/** In the order asked. */
	readMany(keys: readonly ContractKey[]): Promise<(Contract | null)[]>;
	/** The newest change first. */
	list(filter: ContractFilter, limit: number, after: Position | null): Promise<Contract[]>;
	/** Events with a version above `afterVersion`, oldest first. */
	events(key: ContractKey, afterVersion: number, limit: number): Promise<StatusEvent[]>;
	newestEvent(key: ContractKey): Promise<StatusEvent | null>;
	/** Every event of each contract, oldest first. */
	histories(keys: readonly ContractKey[]): Promise<StatusEvent[][]>;
	/** Up to `limit` distinct sources that each contract has had, the one it has now first. */
	versions(keys: readonly ContractKey[], limit: number): Promise<SourceDescription[][]>;
	/** One of the sources that the contract has had, by its hash. */
	sourceVersion(key: ContractKey, hash: string): Promise<SourceDescription | null>;
	/**
	 * Locks the contracts, lets `decide` say what becomes of each, and stores the changes with their
	 * events in one transaction. Tries again after a deadlock or a lost race to insert.
	 */
	change(keys: readonly ContractKey[], decide: Decide): Promise<(Change | null)[]>;
	/** Takes contracts whose time has come, moving it on; two callers never get the same one. */
	takeDue(limit: number, graceMs: number): Promise<Job[]>;
	/** Makes contracts that still stand at these versions due after `ms`. */
	putOff(jobs: readonly Job[], ms: number): Promise<void>;
}

/** Sources by hash: they never change. */
export interface SourceStore {
	save(source: FetchedSource): Promise<void>;
	/** In the order asked; null for a hash that is not there. */
	standardJsons(hashes: readonly string[]): Promise<(StandardJson | null)[]>;
	abis(hashes: readonly string[]): Promise<(unknown[] | null)[]>;
}

/** Where jobs wait. May lose everything without a contract being lost. */
export interface JobQueue {
	/** Whether the broker is there now. */
	isOpen(): boolean;
	/** Resolves once the broker has confirmed all of them; rejects when it could not be told. */
	publish(jobs: readonly Job[]): Promise<void>;
}

export interface Attachment {
	/** Settled when the channel is known to be attached; never rejects. */
	attached: Promise<void>;
	detach(): void;
}

export interface FeedListener {
	event(event: StatusEvent): void;
	/** Something may have been missed: read the database again. */
	gap(): void;
}

/** Where events are told to whoever listens now. */
export interface Feed {
	publish(event: StatusEvent): Promise<void>;
	attach(key: ContractKey, listener: FeedListener): Attachment;
}

/** The right to fill one entry, given out with a miss and void once the entry is dropped. */
export type FillTicket = string;

export type CacheAnswer = { hit: Contract } | { miss: FillTicket };

export interface ContractCache {
	get(key: ContractKey): Promise<CacheAnswer>;
	/** Stores the contract unless the entry was dropped since the ticket was given. */
	fill(contract: Contract, ticket: FillTicket): Promise<boolean>;
	/** Drops the entry, and every fill under way, unless the entry already holds `version` or newer. */
	drop(key: ContractKey, version: number): Promise<void>;
}

/** Where source code comes from. Rejects with a `SourceError` for every failure that is understood. */
export interface Upstream {
	fetch(key: ContractKey, signal: AbortSignal): Promise<FetchedSource>;
}
