import { z } from 'zod';
import { type Address, addressOrNull } from '../../domain/address.ts';
import type { Contract, StatusEvent } from '../../domain/contract.ts';
import { contractErrorCodes } from '../../domain/errors.ts';
import { matches } from '../../domain/source.ts';
import { statuses } from '../../domain/status.ts';
import { providers } from '../../domain/upstreams.ts';

/** What goes through Redis, parsed where it comes back in: JSON with times as RFC 3339. */
const address = z.string().transform((text, context): Address => {
	const parsed = addressOrNull(text);
	if (parsed) return parsed;
	context.addIssue('not an address');
	return z.NEVER;
});
const time = z.iso.datetime().transform((text) => new Date(text));
const failure = z.object({
	code: z.enum(contractErrorCodes),
	message: z.string(),
	retryable: z.boolean(),
});
const whole = z.number().int().min(0);
const key = { chainId: whole, address };

const statusEvent = z.object({
	...key,
	version: whole,
	status: z.enum(statuses),
	attempt: whole,
	error: failure.nullable(),
	nextAttemptAt: time.nullable(),
	at: time,
	trace: z.string().nullable().default(null),
}) satisfies z.ZodType<StatusEvent>;

const source = z.object({
	hash: z.string(),
	abiHash: z.string().nullable(),
	abiSize: whole,
	provider: z.enum(providers),
	origin: z.string(),
	name: z.string(),
	language: z.string(),
	compilerVersion: z.string(),
	evmVersion: z.string().nullable(),
	optimizer: z.object({ enabled: z.boolean(), runs: z.number().nullable() }),
	license: z.string().nullable(),
	constructorArguments: z.string(),
	libraries: z.array(z.object({ name: z.string(), address })),
	viaIr: z.boolean(),
	remappings: z.array(z.string()),
	match: z.enum(matches),
	similarMatch: address.nullable(),
	implementations: z.array(address),
	mainPath: z.string().nullable(),
	fileCount: whole,
	size: whole,
	fetchedAt: time,
});

const contract = z.object({
	...key,
	status: z.enum(statuses),
	version: whole,
	attempts: whole,
	failures: whole,
	dueAt: time.nullable(),
	nextAttemptAt: time.nullable(),
	error: failure.nullable(),
	ruledOut: z.array(z.object({ provider: z.enum(providers), at: time })),
	depth: whole,
	source: source.nullable(),
	createdAt: time,
	updatedAt: time,
	submittedAt: time.nullable().default(null),
	trace: z.string().nullable().default(null),
}) satisfies z.ZodType<Contract>;

/** Throws when the payload is none. */
export function parseEvent(payload: unknown): StatusEvent {
	return statusEvent.parse(payload);
}

/** Throws when the text is none, such as an entry that another release wrote. */
export function parseContract(text: string): Contract {
	return contract.parse(JSON.parse(text));
}
