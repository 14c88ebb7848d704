const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

export function wholeTime(at: string): string {
	return whole.format(new Date(at));
}

/** The time alone where it is today's. */
export function clockTime(at: string, now: number): string {
	const date = new Date(at);
	const isToday = day.format(date) === day.format(now);
	return isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

/** Such as `just now`, `3 min ago`. */
export function ago(at: string, now: number): string {
	const seconds = Math.round((now - Date.parse(at)) / 1_000);
	if (seconds < 10) return 'just now';
	return `${amount(seconds)} ago`;
}

/** Such as `in 38 s`, or null for what is over. */
export function until(at: string, now: number): string | null {
	const seconds = Math.ceil((Date.parse(at) - now) / 1_000);
	return seconds <= 0 ? null : `in ${amount(seconds)}`;
}

function amount(seconds: number): string {
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
	if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
	const days = Math.floor(seconds / 86_400);
	return days === 1 ? '1 day' : `${days} days`;
}

/** Milliseconds between two moments, such as `1.2 s`. */
export function span(from: string, to: string): string {
	const ms = Math.max(0, Date.parse(to) - Date.parse(from));
	if (ms < 1_000) return `${ms} ms`;
	return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : amount(Math.round(ms / 1_000));
}

export function bytes(count: number): string {
	if (count < 1_000) return `${count} B`;
	if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} KB`;
	return `${(count / 1_000_000).toFixed(1)} MB`;
}

export function counted(count: number, noun: string): string {
	return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}
