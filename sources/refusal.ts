import type { Redact } from '../domain/redact.ts';
import { type FailureClass, policyOf, UpstreamFailure } from './failure.ts';

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
	const quote = excerpt(refusal.text, redact);
	const detail = quote === '' ? `HTTP ${refusal.status}` : JSON.stringify(quote);
	const sentence = policyOf(refusal.class).sentence(upstream);
	const message = refusal.class === 'UNKNOWN' ? `${sentence}: ${detail}.` : sentence;
	const cause = new Error(`HTTP ${refusal.status}: ${quote}`);
	return new UpstreamFailure(refusal.class, message, { ...asked, cause });
}

/** Of `Max calls per sec rate limit reached (3/sec)`. */
function perSecondIn(text: string): number | null {
	const perSecond = Number(/\((\d{1,4})\/sec\)/i.exec(text)?.[1]);
	return perSecond > 0 ? perSecond : null;
}

/** No sentence that is known is as long. */
const longestSentence = 1_000;

/** A sentence of an upstream in the form in which it is looked up: some end it with a full stop, and some do not. */
export function sentenceIn(text: string): string {
	if (text.length > longestSentence) return text;
	return text
		.replace(/\s+/g, ' ')
		.replace(/[\s.!]+$/, '')
		.trim();
}

/** Upstream text as it may be kept: without secrets, on one line and short. */
export function excerpt(text: string, redact: Redact): string {
	// Redacted before it is cut, so that no half of a secret stays.
	const line = redact(text)
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	return line.length > 200 ? `${line.slice(0, 199)}…`.toWellFormed() : line.toWellFormed();
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds that a Retry-After header (seconds or a date) asks for, an hour at most; 0 without one. */
export function retryAfter(header: string | null, now: Date): number {
	const text = header?.trim() ?? '';
	const ms = /^\d+$/.test(text) ? Number(text) * second : Date.parse(text) - now.getTime();
	return Number.isNaN(ms) ? 0 : clamp(ms, 0, hour);
}

/**
 * Milliseconds until a daily quota is given anew: at the time the text names, else at 00:00 UTC.
 * A minute at least and a day at most, whatever the text says.
 */
export function untilReset(text: string, now: Date): number {
	const at = /resets?\s+(?:at\s+|on\s+)?([\w:.,+ -]{1,40}?)\s*UTC/i.exec(text)?.[1];
	const named = at === undefined ? Number.NaN : timeOf(at, now);
	const ms = named - now.getTime();
	return clamp(ms > 0 ? ms : midnight(now) - now.getTime(), minute, day);
}

function timeOf(text: string, now: Date): number {
	const iso = /^\d{4}-/.test(text);
	if (iso) return Date.parse(`${text.replace(' ', 'T')}${text.includes(':') ? 'Z' : ''}`);
	if (!/^\d\d?:\d\d/.test(text)) return Date.parse(`${text} UTC`);
	const today = Date.parse(`${now.toUTCString().slice(0, 16)} ${text} UTC`);
	return today > now.getTime() ? today : today + day;
}

function midnight(now: Date): number {
	return Math.floor(now.getTime() / day) * day + day;
}

function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}

const blocked =
	/you have been blocked|just a moment\.\.\.|utm_source=challenge|checking if the site connection is secure/i;

/** Whether an HTML page is one with which a firewall turns requests away. */
export function isBlockPage(html: string): boolean {
	return blocked.test(html);
}

/** What an HTTP status means where the body says nothing better; null for a good one. */
export function classOfStatus(status: number): FailureClass | null {
	if (status === 429) return 'RATE_LIMIT';
	if (status === 401) return 'INVALID_KEY';
	if (status === 403) return 'BLOCKED';
	if (status >= 500 || status === 408) return 'TRANSIENT';
	if (status >= 400) return 'UNKNOWN';
	return status >= 300 ? 'REDIRECT' : null;
}
