import type { StatusEvent } from '../domain/contract.ts';
import { DomainError } from '../domain/errors.ts';
import type { EventStream, Follow } from '../domain/follow.ts';

export interface StreamLimits {
	streams: number;
	/** Contracts followed by all of them together. */
	contracts: number;
	/** Whose limits these are, for the sentence that refuses: 'A connection' or 'This server'. */
	whose: string;
}

/** For one operation, whose connection is bounded already. */
export const unlimited: StreamLimits = {
	streams: Infinity,
	contracts: Infinity,
	whose: 'An operation',
};

/** The subscription fields of the schema. */
export type StreamName = 'contractStatus' | 'contractStatuses';

export interface Onlooker {
	/** A stream has begun; what is returned is called once, when it has ended. */
	opened?(name: StreamName): () => void;
	/** An event is handed on. */
	passed?(event: StatusEvent, name: StreamName): void;
}

export interface Streams {
	follow: Follow;
	/** Ends every stream that is still open. */
	end(): Promise<void>;
}

/** Keeps account of the open streams of one connection, or of the whole server, and bounds them. */
export function trackStreams(
	follow: Follow,
	limits: StreamLimits,
	onlooker: Onlooker = {},
): Streams {
	const open = new Map<EventStream, number>();
	let contracts = 0;

	function admit(count: number): void {
		if (open.size < limits.streams && contracts + count <= limits.contracts) return;
		throw new DomainError(
			'TOO_MANY_SUBSCRIPTIONS',
			`${limits.whose} carries at most ${limits.streams} subscriptions to ${limits.contracts} contracts; end some, or use contractStatuses.`,
		);
	}

	function track(name: StreamName, stream: EventStream, count: number): EventStream {
		open.set(stream, count);
		contracts += count;
		const closed = onlooker.opened?.(name);
		const close = () => {
			if (!open.delete(stream)) return;
			contracts -= count;
			closed?.();
		};
		return {
			async next() {
				try {
					const result = await stream.next();
					if (result.done) close();
					else onlooker.passed?.(result.value, name);
					return result;
				} catch (error) {
					close();
					throw error;
				}
			},
			return() {
				close();
				return stream.return();
			},
			throw(error) {
				close();
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
			one(key, afterVersion) {
				admit(1);
				return track('contractStatus', follow.one(key, afterVersion), 1);
			},
			many(keys) {
				admit(keys.length);
				return track('contractStatuses', follow.many(keys), keys.length);
			},
		},
		async end() {
			await Promise.all([...open.keys()].map((stream) => stream.return()));
		},
	};
}
