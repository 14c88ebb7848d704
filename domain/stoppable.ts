/** Given as the reason: without one each stop makes an error, with its stack, which nobody looks at. */
const stopped = 'stopped';

/**
 * An async iterator whose `return()` takes effect at once, whatever a `next()` waits for: a bare
 * generator would put it off until the wait is over, and an idle client's channel would stay open.
 * One `next()` at a time, as `for await` does.
 */
export function stoppable<T>(
	start: (stop: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
	const controller = new AbortController();
	const source = start(controller.signal);
	const done = { done: true, value: undefined } as const;
	let release = () => {};

	function stop(): void {
		controller.abort(stopped);
		release();
		// It runs its clean-up when it gets there; a database that hangs must not keep the client.
		source.return().catch(() => {});
	}

	return {
		next() {
			if (controller.signal.aborted) return Promise.resolve(done);
			const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T, void>>();
			release = () => resolve(done);
			source.next().then(resolve, reject);
			return promise;
		},
		async return() {
			stop();
			return done;
		},
		async throw(error) {
			stop();
			throw error;
		},
		[Symbol.asyncIterator]() {
			return this;
		},
		async [Symbol.asyncDispose]() {
			stop();
		},
	};
}
