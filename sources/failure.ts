import { type AfterFailure, type ContractErrorCode, SourceError } from '../domain/errors.ts';

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
export interface Asked {
	/** Of Retry-After, 0 without it. */
	waitMs: number;
	untilResetMs: number;
	/** Calls a second that it says it allows. */
	perSecond: number | null;
}

/** What a class of failure means, and all that is done about it. */
export interface Policy {
	code: ContractErrorCode;
	/** When this upstream may be asked for the contract again. */
	followUp: (asked: Asked) => AfterFailure;
	/** Whether submitting again can help, where it differs from what the follow-up implies. */
	retryable?: boolean;
	/** Whether the next upstream is asked now, in the same attempt. */
	next: boolean;
	/** What becomes of the account or key: all go on slower, it rests until its reset, it is not used. */
	key: 'keep' | 'slow' | 'park' | 'refuse';
	/** Whether it counts towards leaving the upstream alone for a while. */
	breaker: boolean;
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

/** The policy for each class: the only place where it is decided what a failure leads to. */
export const policies = {
	DAILY_QUOTA: {
		code: 'QUOTA_EXHAUSTED',
		followUp: ({ untilResetMs }) => ({ kind: 'wait', atLeastMs: untilResetMs }),
		next: true,
		key: 'park',
		breaker: false,
		sentence: (name) => `The daily quota at ${name} is spent; it is given anew at its reset.`,
	},
	RATE_LIMIT: {
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: ({ waitMs }) => ({ kind: 'wait', atLeastMs: Math.max(1000, waitMs) }),
		next: true,
		key: 'slow',
		breaker: false,
		sentence: (name) => `${name} asks for fewer calls a second; the download waits for its turn.`,
	},
	INVALID_KEY: {
		code: 'INVALID_API_KEY',
		// A new key takes minutes to be known, and a good one that is called too fast is refused so too.
		followUp: ({ waitMs }) => ({ kind: 'back-off', atLeastMs: Math.max(60_000, waitMs) }),
		next: true,
		key: 'refuse',
		breaker: false,
		sentence: (name) => `${name} refused the API key of this server.`,
	},
	PLAN: {
		...ofContract,
		code: 'UNSUPPORTED_CHAIN',
		sentence: (name) => `The plan of this server at ${name} does not cover this chain.`,
	},
	CHAIN: {
		...ofContract,
		code: 'UNSUPPORTED_CHAIN',
		sentence: (name) => `${name} does not serve this chain.`,
	},
	V1_DEAD: {
		...ofUpstream,
		followUp: final,
		sentence: (name) =>
			`The ${name} URL in the configuration of this server is a V1 endpoint, which is switched off.`,
	},
	BAD_REQUEST: {
		...ofContract,
		code: 'INTERNAL',
		sentence: (name) => `${name} did not understand the request of this server.`,
	},
	UNVERIFIED: {
		...ofContract,
		code: 'NOT_VERIFIED',
		retryable: true,
		sentence: (name) => `${name} holds no verified source for this address.`,
	},
	BLOCKED: {
		...ofUpstream,
		followUp: ({ waitMs }) => ({ kind: 'back-off', atLeastMs: Math.max(5000, waitMs) }),
		sentence: (name) => `${name} blocks the requests of this server at the moment.`,
	},
	DOWN: { ...ofUpstream, sentence: (name) => `${name} is down at the moment.` },
	TRANSIENT: { ...ofUpstream, sentence: (name) => `${name} failed to answer properly.` },
	NETWORK: { ...ofUpstream, sentence: (name) => `${name} could not be reached.` },
	REDIRECT: {
		...ofUpstream,
		sentence: (name) => `${name} answered with a redirect, which is never followed.`,
	},
	MALFORMED: {
		...ofContract,
		code: 'MALFORMED_RESPONSE',
		sentence: (name) => `The answer of ${name} cannot be read as source code.`,
	},
	TOO_LARGE: {
		...ofContract,
		code: 'SOURCE_TOO_LARGE',
		sentence: (name) => `The source that ${name} has is too large.`,
	},
	PAUSED: {
		...ofUpstream,
		breaker: false,
		sentence: (name) => `${name} kept failing and is left alone for a moment.`,
	},
	TURN: {
		...ofUpstream,
		followUp: ({ waitMs }) => ({ kind: 'turn', atLeastMs: waitMs }),
		next: false,
		breaker: false,
		sentence: (name) => `The download waits for its turn at ${name}.`,
	},
	UNKNOWN: {
		...ofUpstream,
		// It may be about this contract alone.
		breaker: false,
		sentence: (name) => `${name} answered with an error that is not known here`,
	},
} as const satisfies Record<FailureClass, Policy>;

export function policyOf(name: FailureClass): Policy {
	return policies[name];
}

/** A failure that is understood, of one upstream, with its class for those who act on it. */
export class UpstreamFailure extends SourceError {
	readonly class: FailureClass;
	readonly asked: Asked;

	constructor(name: FailureClass, message: string, asked: Asked, options?: ErrorOptions) {
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

/** A failure that no words of the upstream tell, with a sentence of its own. */
export function failureWith(
	name: FailureClass,
	message: string,
	options: ErrorOptions & Partial<Asked> = {},
): UpstreamFailure {
	const asked = { waitMs: 0, untilResetMs: 0, perSecond: null, ...options };
	return new UpstreamFailure(name, message, asked, options);
}
