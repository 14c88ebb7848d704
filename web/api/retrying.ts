import { Refused, Unreachable } from './ask.ts';
import { backOffMs, pause, untilVisible } from './waiting.ts';

/** Refusals of a moment, which are nobody's fault. */
const passing = ['SERVICE_UNAVAILABLE', 'TOO_BUSY', 'TOO_MANY_CONNECTIONS'];

export function isPassing(error: unknown): boolean {
	return error instanceof Unreachable || (error instanceof Refused && passing.includes(error.code));
}

/**
 * Does the work until it succeeds; meanwhile `failing` hears why. Rejects with what trying again does not change, and
 * when the signal ends it.
 */
export async function retrying<T>(
	work: () => Promise<T>,
	signal: AbortSignal,
	failing: (error: unknown) => void = () => {},
): Promise<T> {
	for (let failures = 0; ; failures += 1) {
		await untilVisible(signal);
		signal.throwIfAborted();
		try {
			return await work();
		} catch (error) {
			signal.throwIfAborted();
			if (!isPassing(error)) throw error;
			failing(error);
			await pause(backOffMs(failures), signal);
		}
	}
}
