import type { Address } from '../domain/address.ts';
import {
	type AfterFailure,
	type ContractErrorCode,
	SourceError,
	type SourceErrorOptions,
} from '../domain/errors.ts';
import type { CallOutcome } from '../domain/ports.ts';
import type { ProxyFacts } from '../domain/proxy.ts';

/** Every way in which an upstream refuses or fails. */
export const failureClasses = [
	'DAILY_QUOTA',
	'RATE_LIMIT',
	'INVALID_KEY',
	'PLAN',
	'CHAIN',
	'V1_DEAD',
	'BAD_REQUEST',
	'UNVERIFIED',
	'BLOCKED',
	'DOWN',
	'TRANSIENT',
	'NETWORK',
	'REDIRECT',
	'MALFORMED',
	'TOO_LARGE',
	'PAUSED',
	'TURN',
	'UNKNOWN',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** What the upstream asked for along with its refusal. */
interface Asked {
	/** Of Retry-After, 0 without it. */
	waitMs: number;
	untilResetMs: number;
	/** Calls a second that it says it allows. */
	perSecond: number | null;
}

/** What a class of failure means, and all that is done about it. */
interface Policy {
	code: ContractErrorCode;
	/** When this upstream may be asked for the contract again. */
	followUp: (asked: Asked) => AfterFailure;
	/** Whether submitting again can help, where it differs from what the follow-up implies. */
	retryable?: boolean;
	/** Whether the next upstream is asked now, in the same attempt. */
	next: boolean;
	/** What becomes of the account or key: all go on slower, it is parked until its reset, it is not used. */
	key: 'keep' | 'slow' | 'park' | 'refuse';
	/** Whether it counts towards leaving the upstream alone for a while. */
	breaker: boolean;
	/** How the call counts; null where none was made. Refusals that come as HTTP 200 count as what they mean. */
	outcome: CallOutcome | null;
	sentence: (upstream: string) => string;
}

const final = (): AfterFailure => ({ kind: 'final' });
const backOff = ({ waitMs }: Asked): AfterFailure =>
	waitMs > 0 ? { kind: 'back-off', atLeastMs: waitMs } : { kind: 'back-off' };

/** What the contract does itself, or its address: no key and no breaker is concerned. */
const ofContract = { followUp: final, next: true, key: 'keep', breaker: false } as const;
/** What the upstream does itself and may stop doing. */
const ofUpstream = {
	code: 'UPSTREAM_UNAVAILABLE',
	followUp: backOff,
	next: true,
	key: 'keep',
	breaker: true,
} as const;

/** The only place where it is decided what a failure leads to. */
const policies = {
	DAILY_QUOTA: {
		code: 'QUOTA_EXHAUSTED',
		followUp: ({ untilResetMs }) => ({ kind: 'wait', atLeastMs: untilResetMs }),
		next: true,
		key: 'park',
		breaker: false,
		outcome: 'rate_limited',
		sentence: (name) => `The daily quota at ${name} is spent; it is given anew at its reset.`,
	},
	RATE_LIMIT: {
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: ({ waitMs }) => ({ kind: 'wait', atLeastMs: Math.max(1000, waitMs) }),
		next: true,
		key: 'slow',
		breaker: false,
		outcome: 'rate_limited',
		sentence: (name) => `${name} asks for fewer calls a second.`,
	},
	INVALID_KEY: {
		code: 'INVALID_API_KEY',
		// A new key takes minutes to be known, and a good one that is called too fast is refused so too.
		followUp: ({ waitMs }) => ({ kind: 'back-off', atLeastMs: Math.max(60_000, waitMs) }),
		next: true,
		key: 'refuse',
		breaker: false,
		outcome: 'http_4xx',
		sentence: (name) => `${name} refused the API key of this server.`,
	},
	PLAN: {
		...ofContract,
		code: 'UNSUPPORTED_CHAIN',
		outcome: 'not_found',
		sentence: (name) => `The plan of this server at ${name} does not cover this chain.`,
	},
	CHAIN: {
		...ofContract,
		code: 'UNSUPPORTED_CHAIN',
		outcome: 'not_found',
		sentence: (name) => `${name} does not serve this chain.`,
	},
	V1_DEAD: {
		...ofUpstream,
		followUp: final,
		outcome: 'http_4xx',
		sentence: (name) =>
			`The ${name} URL in the configuration of this server is a V1 endpoint, which is switched off.`,
	},
	BAD_REQUEST: {
		...ofContract,
		code: 'INTERNAL',
		outcome: 'http_4xx',
		sentence: (name) => `${name} did not understand the request of this server.`,
	},
	UNVERIFIED: {
		...ofContract,
		code: 'NOT_VERIFIED',
		retryable: true,
		outcome: 'not_found',
		sentence: (name) => `${name} holds no verified source for this address.`,
	},
	BLOCKED: {
		...ofUpstream,
		followUp: ({ waitMs }) => ({ kind: 'back-off', atLeastMs: Math.max(5000, waitMs) }),
		outcome: 'http_4xx',
		sentence: (name) => `${name} blocks the requests of this server at the moment.`,
	},
	DOWN: {
		...ofUpstream,
		outcome: 'http_5xx',
		sentence: (name) => `${name} is down at the moment.`,
	},
	TRANSIENT: {
		...ofUpstream,
		outcome: 'http_5xx',
		sentence: (name) => `${name} failed to answer properly.`,
	},
	NETWORK: {
		...ofUpstream,
		outcome: 'network',
		sentence: (name) => `${name} could not be reached.`,
	},
	REDIRECT: {
		...ofUpstream,
		outcome: 'invalid',
		sentence: (name) => `${name} answered with a redirect, which is never followed.`,
	},
	MALFORMED: {
		...ofContract,
		code: 'MALFORMED_RESPONSE',
		outcome: 'unusable',
		sentence: (name) => `The answer of ${name} cannot be read as source code.`,
	},
	TOO_LARGE: {
		...ofContract,
		code: 'SOURCE_TOO_LARGE',
		outcome: 'unusable',
		sentence: (name) => `The source that ${name} has is too large.`,
	},
	PAUSED: {
		...ofUpstream,
		breaker: false,
		outcome: null,
		sentence: (name) => `${name} kept failing and is left alone for a moment.`,
	},
	TURN: {
		...ofUpstream,
		followUp: ({ waitMs }) => ({ kind: 'turn', atLeastMs: waitMs }),
		next: false,
		breaker: false,
		outcome: null,
		sentence: (name) => `The download waits for its turn at ${name}.`,
	},
	UNKNOWN: {
		...ofUpstream,
		// It may be about this contract alone.
		breaker: false,
		outcome: 'invalid',
		sentence: (name) => `${name} answered with an error that is not known here`,
	},
} as const satisfies Record<FailureClass, Policy>;

export function policyOf(name: FailureClass): Policy {
	return policies[name];
}

/** Whether the upstream is well, and has said what it had to say of the contract. */
export function isOfContract({ class: name }: { class: FailureClass }): boolean {
	const { key, breaker, outcome } = policyOf(name);
	return key === 'keep' && !breaker && outcome !== null && name !== 'UNKNOWN';
}

/** A failure that is understood, of one upstream, with its class for those who act on it. */
export class UpstreamFailure extends SourceError {
	readonly class: FailureClass;
	readonly asked: Asked;

	constructor(
		name: FailureClass,
		message: string,
		options: ErrorOptions & Partial<Asked> & Pick<SourceErrorOptions, 'proxy'> = {},
	) {
		const { waitMs = 0, untilResetMs = 0, perSecond = null } = options;
		const asked = { waitMs, untilResetMs, perSecond };
		const { code, followUp, retryable } = policyOf(name);
		super(code, message, followUp(asked), {
			...options,
			...(retryable === undefined ? {} : { retryable }),
		});
		this.name = 'UpstreamFailure';
		this.class = name;
		this.asked = asked;
	}
}

/** The failure of a class as such, with the sentence of its class. */
export function failureOfClass(
	name: FailureClass,
	upstream: string,
	options: Partial<Asked> & Pick<SourceErrorOptions, 'proxy'> = {},
): UpstreamFailure {
	return new UpstreamFailure(name, policyOf(name).sentence(upstream), options);
}

/** Not verified itself, but the upstream names a verified contract with the same code. */
export class TwinElsewhere extends UpstreamFailure {
	readonly twin: Address;

	constructor(upstream: string, twin: Address, proxy: ProxyFacts | null) {
		super('UNVERIFIED', policyOf('UNVERIFIED').sentence(upstream), { proxy });
		this.twin = twin;
	}
}

/** How a call that failed counts; null where it was given up by a worker that stops, or none was made. */
export function outcomeOf(error: unknown): CallOutcome | null {
	if (error instanceof UpstreamFailure) {
		const code = error.cause instanceof Error ? error.cause.message : '';
		if (error.class === 'NETWORK' && /TIMED?OUT/.test(code)) return 'timeout';
		if (error.class === 'NETWORK' && /^HPE_(?!INVALID_EOF|HEADER_OVERFLOW)/.test(code))
			return 'invalid';
		return policyOf(error.class).outcome;
	}
	// The lease is nearly over.
	return error instanceof SourceError ? 'timeout' : null;
}
