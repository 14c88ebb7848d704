import type { Redact } from '../../domain/redact.ts';
import { type FailureClass, policyOf, UpstreamFailure } from '../failure.ts';
import { excerpt } from './excerpt.ts';
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
export function failureOf(
	refusal: Refusal,
	upstream: string,
	redact: Redact,
	now = new Date(),
): UpstreamFailure {
	const asked = {
		waitMs: retryAfter(refusal.retryAfter, now),
		untilResetMs: untilReset(refusal.text, now),
		perSecond: perSecondIn(refusal.text),
	};
	const said = excerpt(refusal.text, redact);
	const detail = said === '' ? `HTTP ${refusal.status}` : JSON.stringify(said);
	const sentence = policyOf(refusal.class).sentence(upstream);
	const message = refusal.class === 'UNKNOWN' ? `${sentence}: ${detail}.` : sentence;
	return new UpstreamFailure(refusal.class, message, asked, {
		cause: new Error(`HTTP ${refusal.status}: ${said}`),
	});
}

/** Of `Max calls per sec rate limit reached (3/sec)`. */
function perSecondIn(text: string): number | null {
	const said = Number(/\((\d{1,4})\/sec\)/i.exec(text)?.[1]);
	return said > 0 ? said : null;
}
