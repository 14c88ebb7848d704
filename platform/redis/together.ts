import type { Emit } from '../../domain/telemetry.ts';

/** Does what all processes share, or otherwise what this one does by itself. */
export type Together = <T>(work: () => Promise<T>, otherwise: () => T | Promise<T>) => Promise<T>;

/** After a failure Redis is not asked for so long. */
const aloneMs = 5_000;

/** A Redis that hangs costs its time-out once in a while, and not at every call. */
export function createTogether(emit: Emit): Together {
	let aloneUntil = 0;
	return async (work, otherwise) => {
		if (performance.now() < aloneUntil) return otherwise();
		try {
			return await work();
		} catch (error) {
			aloneUntil = performance.now() + aloneMs;
			emit({ type: 'call-limits.failed', error });
			return otherwise();
		}
	};
}
