import { SourceError } from '../domain/errors.ts';
import type { CallOutcome, CallWatch } from '../domain/ports.ts';
import { type FailureClass, UpstreamFailure } from './failure.ts';

/** How a call counts, by what it failed with. Refusals that come as HTTP 200 count as what they mean. */
const outcomes = {
	UNVERIFIED: 'not_found',
	CHAIN: 'not_found',
	PLAN: 'not_found',
	RATE_LIMIT: 'rate_limited',
	DAILY_QUOTA: 'rate_limited',
	INVALID_KEY: 'http_4xx',
	BAD_REQUEST: 'http_4xx',
	BLOCKED: 'http_4xx',
	V1_DEAD: 'http_4xx',
	DOWN: 'http_5xx',
	TRANSIENT: 'http_5xx',
	NETWORK: 'network',
	REDIRECT: 'invalid',
	UNKNOWN: 'invalid',
	MALFORMED: 'unusable',
	TOO_LARGE: 'unusable',
	// Nothing was asked.
	PAUSED: null,
	TURN: null,
} as const satisfies Record<FailureClass, CallOutcome | null>;

/** Null where the call was given up here: by a worker that stops, or because nothing was asked. */
export function outcomeOf(error: unknown): CallOutcome | null {
	if (error instanceof UpstreamFailure) {
		const { cause } = error;
		const late = cause instanceof Error && /TIMED?OUT/.test(cause.message);
		return error.class === 'NETWORK' && late ? 'timeout' : outcomes[error.class];
	}
	// The lease is nearly over.
	return error instanceof SourceError ? 'timeout' : null;
}

/** Where nobody looks on. */
export const unwatched: CallWatch = {
	call: (_about, work) => work({ asks() {}, answered() {} }),
	wait: (_upstream, work) => work(),
	waited() {},
};
