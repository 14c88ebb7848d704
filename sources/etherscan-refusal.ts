import { SourceError } from '../domain/errors.ts';
import { type Asked, type Failure, type FailureClass, failures } from './etherscan-failure.ts';
import { excerpt, type Redact } from './redact.ts';
import { retryAfter, untilReset } from './waiting.ts';

/** An answer that holds no source. */
export interface Refusal {
	class: FailureClass;
	status: number;
	retryAfter: string | null;
	/** What the upstream said; may hold a key. */
	text: string;
}

/** The error of a refusal; what the upstream said is in it redacted and short. */
export function failureOf(refusal: Refusal, redact: Redact, now = new Date()): SourceError {
	const failure: Failure = failures[refusal.class];
	const asked: Asked = {
		waitMs: retryAfter(refusal.retryAfter, now),
		untilResetMs: untilReset(refusal.text, now),
	};
	const said = excerpt(refusal.text, redact);
	const detail = said === '' ? `HTTP ${refusal.status}` : JSON.stringify(said);
	const message =
		refusal.class === 'UNKNOWN' ? `${failure.sentence}: ${detail}.` : failure.sentence;
	return new SourceError(failure.code, message, failure.followUp(asked), {
		cause: new Error(`HTTP ${refusal.status}: ${said}`),
		...(failure.retryable === undefined ? {} : { retryable: failure.retryable }),
	});
}
