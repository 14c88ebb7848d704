import type { AfterFailure, ContractErrorCode } from '../domain/errors.ts';

/** In the order in which their texts are looked for. */
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
	'REDIRECT',
	'UNKNOWN',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** What the upstream asked for along with its refusal. */
export interface Asked {
	/** Of Retry-After, 0 without it. */
	waitMs: number;
	untilResetMs: number;
}

/** What a class of failure means. */
export interface Failure {
	/** Null where no text tells, only the HTTP status. */
	match: RegExp | null;
	code: ContractErrorCode;
	followUp: (asked: Asked) => AfterFailure;
	/** Where it differs from what the follow-up implies. */
	retryable?: boolean;
	sentence: string;
}

const final = (): AfterFailure => ({ kind: 'final' });
const backOff = ({ waitMs }: Asked): AfterFailure =>
	waitMs > 0 ? { kind: 'back-off', atLeastMs: waitMs } : { kind: 'back-off' };

/** Every way in which Etherscan refuses, and what becomes of the contract. */
export const failures = {
	DAILY_QUOTA: {
		match: /daily rate limit reached|free api limit reached/i,
		code: 'QUOTA_EXHAUSTED',
		followUp: ({ untilResetMs }) => ({ kind: 'wait', atLeastMs: untilResetMs }),
		sentence: 'The daily quota at Etherscan is spent; it is given anew at its reset.',
	},
	RATE_LIMIT: {
		match: /rate limit reached/i,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: ({ waitMs }) => ({ kind: 'wait', atLeastMs: Math.max(1000, waitMs) }),
		sentence: 'Etherscan asks for fewer calls a second; the download waits for its turn.',
	},
	INVALID_KEY: {
		match: /invalid api ?key/i,
		code: 'INVALID_API_KEY',
		followUp: final,
		sentence: 'Etherscan refused the API key of this server.',
	},
	PLAN: {
		match: /free api access is not supported|api pro endpoint/i,
		code: 'UNSUPPORTED_CHAIN',
		followUp: final,
		sentence: 'The plan of this server at Etherscan does not cover this chain.',
	},
	CHAIN: {
		match: /missing or unsupported chainid/i,
		code: 'UNSUPPORTED_CHAIN',
		followUp: final,
		sentence: 'Etherscan does not serve this chain.',
	},
	V1_DEAD: {
		match: /deprecated V1 endpoint/i,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: final,
		sentence:
			'The Etherscan URL in the configuration of this server is a V1 endpoint, which is switched off.',
	},
	BAD_REQUEST: {
		match: /invalid address format|missing or invalid (action|module) name/i,
		code: 'INTERNAL',
		followUp: final,
		sentence: 'Etherscan did not understand the request of this server.',
	},
	UNVERIFIED: {
		match: /^contract source code not verified$/i,
		code: 'NOT_VERIFIED',
		followUp: final,
		retryable: true,
		sentence: 'Etherscan holds no verified source for this address.',
	},
	BLOCKED: {
		match:
			/you have been blocked|just a moment\.\.\.|utm_source=challenge|checking if the site connection is secure/i,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: ({ waitMs }) => ({ kind: 'back-off', atLeastMs: Math.max(5000, waitMs) }),
		sentence: 'Etherscan blocks the requests of this server at the moment.',
	},
	DOWN: {
		match: /^page not found\.?$/i,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: backOff,
		sentence: 'Etherscan is down at the moment.',
	},
	TRANSIENT: {
		match: /timeout occur+ed|server too busy|^something went wrong|^429\b/i,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: backOff,
		sentence: 'Etherscan failed to answer properly.',
	},
	REDIRECT: {
		match: null,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: backOff,
		sentence: 'Etherscan answered with a redirect, which is never followed.',
	},
	UNKNOWN: {
		match: null,
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: backOff,
		sentence: 'Etherscan answered with an error that is not known here',
	},
} as const satisfies Record<FailureClass, Failure>;

/** The class of an error text, or null for one that is not known. */
export function classOfText(text: string): FailureClass | null {
	return failureClasses.find((name) => failures[name].match?.test(text.trim())) ?? null;
}
