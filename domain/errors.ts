import { z } from 'zod';
import type { ProxyFacts } from './proxy.ts';
import type { Provider } from './upstreams.ts';

/** Why a contract is in ERROR, or why its last attempt failed. Public: a value of the GraphQL enum. */
export const contractErrorCodes = [
	'NOT_VERIFIED',
	'UNSUPPORTED_CHAIN',
	'INVALID_API_KEY',
	'QUOTA_EXHAUSTED',
	'UPSTREAM_UNAVAILABLE',
	'MALFORMED_RESPONSE',
	'SOURCE_TOO_LARGE',
	'INTERNAL',
] as const;
export type ContractErrorCode = (typeof contractErrorCodes)[number];

/** `retryable`: submitting again later can succeed without anything else changing. */
export const contractError = z.object({
	code: z.enum(contractErrorCodes),
	/** One sentence for a person; never a key, a credential or a stack. */
	message: z.string(),
	retryable: z.boolean(),
});
export type ContractError = z.output<typeof contractError>;

/** An expected failure of a request: its code and message reach the client as they are. */
export class DomainError extends Error {
	readonly code:
		| 'BAD_USER_INPUT'
		| 'FORBIDDEN'
		| 'RATE_LIMITED'
		| 'TOO_BUSY'
		| 'TOO_MANY_SUBSCRIPTIONS'
		| 'UNAUTHENTICATED';
	/** Seconds after which it is worth trying again, where that is known. */
	readonly retryAfter: number | null;

	constructor(
		code: DomainError['code'],
		message: string,
		options?: ErrorOptions & { retryAfter?: number },
	) {
		super(message, options);
		this.name = 'DomainError';
		this.code = code;
		this.retryAfter = options?.retryAfter ?? null;
	}
}

export function rateLimited(message: string, retryAfter: number): DomainError {
	return new DomainError('RATE_LIMITED', message, { retryAfter });
}

export function badInput(message: string): DomainError {
	return new DomainError('BAD_USER_INPUT', message);
}

/** Until when another upstream asks for patience, for the time when this one has failed for too long. */
interface OrElse {
	orElseWaitMs?: number;
	/** Whether it is that its quota is spent. */
	orElseQuota?: boolean;
}

/** What becomes of a contract whose download failed. */
export type AfterFailure =
	/** Trying again cannot help: ERROR now. */
	| { kind: 'final' }
	/** Try again after an exponential back-off, until the attempts are spent; then wait, or give up. */
	| ({ kind: 'back-off'; atLeastMs?: number } & OrElse)
	/** Try again after a pause, for a long time: the upstream asked for patience, it did not fail. */
	| ({ kind: 'wait'; atLeastMs: number } & OrElse)
	/** Nothing was asked yet: calls are scarce, and others come first. */
	| { kind: 'turn'; atLeastMs: number };

export interface SourceErrorOptions {
	retryable?: boolean;
	ruledOut?: readonly Provider[];
	proxy?: ProxyFacts | null;
}

/** A download failed in a way that is understood. Thrown by every upstream. */
export class SourceError extends Error {
	readonly code: ContractErrorCode;
	readonly retryable: boolean;
	readonly followUp: AfterFailure;
	/** Upstreams that have said that they hold no source for the address. */
	readonly ruledOut: readonly Provider[];
	/** What they say of the address as a proxy. */
	readonly proxy: ProxyFacts | null;

	constructor(
		code: ContractErrorCode,
		message: string,
		followUp: AfterFailure,
		options?: ErrorOptions & SourceErrorOptions,
	) {
		super(message, options);
		this.name = 'SourceError';
		this.code = code;
		this.followUp = followUp;
		this.ruledOut = options?.ruledOut ?? [];
		this.proxy = options?.proxy ?? null;
		this.retryable = options?.retryable ?? followUp.kind !== 'final';
	}
}
