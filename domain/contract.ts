import { z } from 'zod';
import { contractError } from './errors.ts';
import { proxy } from './proxy.ts';
import { address, defineRecord, time, whole } from './record.ts';
import { sourceDescription } from './source.ts';
import { statuses } from './status.ts';
import { providers } from './upstreams.ts';

/** What names a contract everywhere. */
export const contractKey = z.object({ chainId: whole, address });
export type ContractKey = z.output<typeof contractKey>;

/** Upstreams that have answered, since the last accepted submission, that they hold no source. */
export const ruledOutList = z.array(z.object({ provider: z.enum(providers), at: time }));
export type RuledOut = z.output<typeof ruledOutList>[number];

/** Since when upstreams ask for patience with this very contract, in this submission. */
export const held = z.object({
	since: time,
	/** Likewise, without a word of a spent quota in between; null where the last was such a word. */
	limitedSince: time.nullable(),
});
export type Held = z.output<typeof held>;

/** W3C `traceparent` of a span; null where there was none, or a former release left it out. */
const trace = z.string().nullable().default(null);

/** A contract as the database holds it. All times are the database's own, in milliseconds. */
const contract = contractKey.extend({
	status: z.enum(statuses),
	/** 1 when created, and one more with every event. */
	version: whole,
	/** Downloads started since the last accepted submission. */
	attempts: whole,
	/** How often one failed, was cut off, or could not begin; waiting for a turn or quota is no failure. */
	failures: whole,
	/** When it has to be put on the queue again if nothing happens before; null when finished. */
	dueAt: time.nullable(),
	/** When the next attempt is due, while one waits for its back-off. */
	nextAttemptAt: time.nullable(),
	error: contractError.nullable(),
	/** Need not be asked again for a while. */
	ruledOut: ruledOutList,
	/** Null while no upstream has asked for patience with it. */
	held: held.nullable().default(null),
	/** What upstreams said of it when they held no source for it. */
	proxy: proxy.nullable().default(null),
	/** How many proxies led to it: 0 for one that somebody submitted. */
	depth: whole,
	/** The line in which it waits before it is put on the queue for the first time; null where it does not. */
	line: whole.nullable().default(null),
	/** The newest stored source; kept while a refresh runs and if it fails. */
	source: sourceDescription.nullable(),
	createdAt: time,
	/** Time of the newest event. */
	updatedAt: time,
	/** Time of the last accepted submission, and the span of it; null where not known. */
	submittedAt: time.nullable().default(null),
	trace,
});
export type Contract = z.output<typeof contract>;
export const contracts = defineRecord(contract);

/** One change of a contract, as stored, published and streamed. */
const statusEvent = contractKey.extend({
	version: whole,
	status: z.enum(statuses),
	attempt: whole,
	error: contractError.nullable(),
	nextAttemptAt: time.nullable(),
	at: time,
	/** Of what caused it. */
	trace,
});
export type StatusEvent = z.output<typeof statusEvent>;
export const statusEvents = defineRecord(statusEvent);

/** A contract that nobody has submitted before, ahead of its first event. */
export function newContract({ chainId, address }: ContractKey, now: Date): Contract {
	return {
		...{ chainId, address, status: 'CREATED', version: 0, attempts: 0, failures: 0 },
		...{ dueAt: null, nextAttemptAt: null, error: null, ruledOut: [], depth: 0 },
		...{ held: null, proxy: null },
		...{ line: null, source: null },
		...{ createdAt: now, updatedAt: now, submittedAt: now, trace: null },
	};
}

/** The text that names a contract in Redis, in maps and in paths: `<chainId>:<address>`. */
export function keyText(key: ContractKey): string {
	return `${key.chainId}:${key.address}`;
}
