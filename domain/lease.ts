import { SourceError } from './errors.ts';

/** How long a worker may keep a job, from the moment it has claimed it. */
export interface Lease extends Disposable {
	/** Fires when the worker stops, and when the last fifth of the lease begins, which is for storing. */
	readonly signal: AbortSignal;
	start(): void;
	/** Whether only a tenth of it is left. */
	isNearlyOver(): boolean;
}

export function createLease(ms: number, stop: AbortSignal): Lease {
	const ended = new AbortController();
	const end = () => ended.abort(stop.reason);
	stop.addEventListener('abort', end);
	if (stop.aborted) end();
	let timer: NodeJS.Timeout | undefined;
	let started: number | null = null;
	return {
		signal: ended.signal,
		start() {
			started = performance.now();
			timer = setTimeout(() => ended.abort(tooSlow()), ms * 0.8);
		},
		isNearlyOver: () => started !== null && performance.now() > started + ms * 0.9,
		[Symbol.dispose]() {
			clearTimeout(timer);
			stop.removeEventListener('abort', end);
		},
	};
}

function tooSlow(): SourceError {
	const message = 'The upstreams did not answer in time.';
	return new SourceError('UPSTREAM_UNAVAILABLE', message, { kind: 'back-off' });
}
