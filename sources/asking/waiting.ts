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
	const named = at === undefined ? Number.NaN : momentOf(at, now);
	const ms = named - now.getTime();
	return clamp(ms > 0 ? ms : midnight(now) - now.getTime(), minute, day);
}

function momentOf(text: string, now: Date): number {
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
