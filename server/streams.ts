import type { EventStream, Follow } from '../domain/follow.ts';

export interface Streams {
	follow: Follow;
	/** Ends every stream that is still open. */
	end(): Promise<void>;
}

/** Keeps account of the open streams, as an HTTP server waits for them when it closes. */
export function trackStreams(follow: Follow): Streams {
	const open = new Set<EventStream>();

	function track(stream: EventStream): EventStream {
		open.add(stream);
		return {
			async next() {
				const result = await stream.next();
				if (result.done) open.delete(stream);
				return result;
			},
			return() {
				open.delete(stream);
				return stream.return();
			},
			throw(error) {
				open.delete(stream);
				return stream.throw(error);
			},
			[Symbol.asyncIterator]() {
				return this;
			},
			async [Symbol.asyncDispose]() {
				await this.return();
			},
		};
	}

	return {
		follow: {
			one: (key, afterVersion) => track(follow.one(key, afterVersion)),
			many: (keys) => track(follow.many(keys)),
		},
		async end() {
			await Promise.all([...open].map((stream) => stream.return()));
		},
	};
}
