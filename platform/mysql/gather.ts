import { AsyncLocalStorage } from 'node:async_hooks';

interface Waiting<A, R> {
	one: A;
	resolve(result: R): void;
	reject(error: unknown): void;
	/** Runs something as a part of what asked. */
	within: <T>(work: () => T) => T;
}

/**
 * Has many who ask one by one served together: `run` gets what was asked while earlier runs were under way, up to `most`,
 * and gives the promise of an answer for each, so that none waits for another's. Whoever asks while less than `atOnce` of
 * them run waits for nobody.
 */
export function createGather<A, R>(
	run: (asked: A[]) => Promise<Promise<R>[]>,
	{ atOnce, most }: { atOnce: number; most: number },
): (one: A) => Promise<R> {
	let waiting: Waiting<A, R>[] = [];
	let running = 0;

	async function serve(group: readonly Waiting<A, R>[]): Promise<void> {
		try {
			const answers = await run(group.map(({ one }) => one));
			group.forEach(({ resolve, reject }, index) => {
				const answer =
					answers[index] ?? Promise.reject(new Error('there is no answer for this one'));
				answer.then(resolve, reject);
			});
		} catch (error) {
			for (const { reject } of group) reject(error);
		}
		running -= 1;
		begin();
	}

	function begin(): void {
		while (running < atOnce && waiting.length > 0) {
			const group = waiting.slice(0, most);
			waiting = waiting.slice(most);
			running += 1;
			// What is measured and traced is the first one's: there is one connection, and one transaction.
			group[0]?.within(() => void serve(group));
		}
	}

	return (one) => {
		const { promise, resolve, reject } = Promise.withResolvers<R>();
		waiting.push({ one, resolve, reject, within: AsyncLocalStorage.snapshot() });
		// Whoever asks in the same breath comes along.
		if (running < atOnce && waiting.length === 1) queueMicrotask(begin);
		return promise;
	};
}
