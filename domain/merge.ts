import { stoppable } from './stoppable.ts';

/** One stream of many, each read no faster than this one; ends when the last of them has ended. */
export function merge<T>(
	sources: readonly AsyncGenerator<T, void, undefined>[],
): AsyncGenerator<T, void, undefined> {
	return stoppable((stop) => run(sources, stop));
}

async function* run<T>(
	sources: readonly AsyncGenerator<T, void, undefined>[],
	stop: AbortSignal,
): AsyncGenerator<T, void, undefined> {
	const arrived: { source: AsyncGenerator<T, void, undefined>; result: IteratorResult<T, void> }[] =
		[];
	let failure: { error: unknown } | null = null;
	let wake = () => {};
	let open = sources.length;

	function pull(source: AsyncGenerator<T, void, undefined>): void {
		source
			.next()
			.then((result) => arrived.push({ source, result }))
			.catch((error: unknown) => {
				failure = { error };
			})
			.finally(() => wake());
	}

	function stopAll(): void {
		for (const source of sources) source.return().catch(() => {});
		wake();
	}

	stop.addEventListener('abort', stopAll, { once: true });
	try {
		for (const source of sources) pull(source);
		while (open > 0 && !stop.aborted) {
			const next = arrived.shift();
			if (failure) throw (failure as { error: unknown }).error;
			if (!next) {
				const { promise, resolve } = Promise.withResolvers<void>();
				wake = resolve;
				await promise;
			} else if (next.result.done) {
				open -= 1;
			} else {
				yield next.result.value;
				pull(next.source);
			}
		}
	} finally {
		stopAll();
	}
}
