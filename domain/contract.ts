import type { Address } from './address.ts';
import type { ContractError } from './errors.ts';
import type { SourceDescription } from './source.ts';
import type { Status } from './status.ts';
import type { Provider } from './upstreams.ts';

/** What names a contract everywhere. */
export interface ContractKey {
	chainId: number;
	address: Address;
}

/** An upstream that has answered, since the last accepted submission, that it holds no source. */
export interface RuledOut {
	provider: Provider;
	at: Date;
}

/** A contract as the database holds it. All times are the database's own, in milliseconds. */
export interface Contract extends ContractKey {
	status: Status;
	/** 1 when created, and one more with every event. */
	version: number;
	/** Downloads started since the last accepted submission. */
	attempts: number;
	/** How often one failed, was cut off, or could not begin; waiting for a turn or quota is no failure. */
	failures: number;
	/** When it has to be put on the queue again if nothing happens before; null when finished. */
	dueAt: Date | null;
	/** When the next attempt is due, while one waits for its back-off. */
	nextAttemptAt: Date | null;
	error: ContractError | null;
	/** Upstreams that need not be asked again for a while. */
	ruledOut: RuledOut[];
	/** How many proxies led to it: 0 for one that somebody submitted. */
	depth: number;
	/** The newest stored source; kept while a refresh runs and if it fails. */
	source: SourceDescription | null;
	createdAt: Date;
	/** Time of the newest event. */
	updatedAt: Date;
	/** Time of the last accepted submission, and the W3C `traceparent` of its span; null where not known. */
	submittedAt: Date | null;
	trace: string | null;
}

/** One change of a contract, as stored, published and streamed. */
export interface StatusEvent extends ContractKey {
	version: number;
	status: Status;
	attempt: number;
	error: ContractError | null;
	nextAttemptAt: Date | null;
	at: Date;
	/** W3C `traceparent` of the span that caused it; null where there was none. */
	trace: string | null;
}

/** The text that names a contract in Redis, in maps and in paths: `<chainId>:<address>`. */
export function keyText(key: ContractKey): string {
	return `${key.chainId}:${key.address}`;
}
