/**
 * An async iterator whose `return()` takes effect at once, even while a `next()` waits: a bare
 * generator would put it off until the wait is over, and an idle client's channel would stay open.
 */
export function stoppable<T>(
	start: (stop: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
	const controller = new AbortController();
	const source = start(controller.signal);
	return {
		next: () => source.next(),
		return: () => {
			controller.abort();
			return source.return();
		},
		throw: (error) => {
			controller.abort();
			return source.throw(error);
		},
		[Symbol.asyncIterator]() {
			return this;
		},
		async [Symbol.asyncDispose]() {
			await this.return();
		},
	};
}
