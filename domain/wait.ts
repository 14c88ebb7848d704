/** Resolves after `ms`, or at once when `stop` fires; leaves no timer and no listener behind. */
export async function pause(ms: number, stop: AbortSignal): Promise<void> {
	if (stop.aborted) return;
	const { promise, resolve } = Promise.withResolvers<void>();
	const end = () => resolve();
	const timer = setTimeout(end, ms);
	stop.addEventListener('abort', end);
	await promise;
	clearTimeout(timer);
	stop.removeEventListener('abort', end);
}

/** Waits for a promise that never rejects, but no longer than `ms` and not past `stop`. */
export async function patience(
	promise: Promise<void>,
	ms: number,
	stop: AbortSignal,
): Promise<void> {
	if (stop.aborted) return;
	const { promise: over, resolve } = Promise.withResolvers<void>();
	const end = () => resolve();
	const timer = setTimeout(end, ms);
	stop.addEventListener('abort', end);
	await Promise.race([promise, over]);
	clearTimeout(timer);
	stop.removeEventListener('abort', end);
}

export function later(now: Date, ms: number): Date {
	return new Date(now.getTime() + Math.ceil(ms));
}
