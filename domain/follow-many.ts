import type { ContractKey, StatusEvent } from './contract.ts';
import { type Answer, done, type EventStream, type FollowContext, follow } from './follow.ts';

/** One stream over many contracts, each from its newest event and read no faster than this one; ends with the last of them. */
export function followMany(context: FollowContext, keys: readonly ContractKey[]): EventStream {
	return new FollowerOfMany(keys.map((key) => follow(context, key, null)));
}

class FollowerOfMany implements EventStream {
	readonly #streams: readonly EventStream[];
	/** To be asked for their next event. */
	#idle: EventStream[];
	#open: number;
	readonly #arrived: { stream: EventStream; event: StatusEvent }[] = [];
	#answer: Answer | null = null;
	#failure: { error: unknown } | null = null;

	constructor(streams: readonly EventStream[]) {
		this.#streams = streams;
		this.#idle = [...streams];
		this.#open = streams.length;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	next(): Promise<IteratorResult<StatusEvent, void>> {
		const idle = this.#idle;
		this.#idle = [];
		for (const stream of idle) this.#ask(stream);
		return new Promise((resolve) => {
			this.#answer = resolve;
			this.#handOut();
		});
	}

	return(): Promise<IteratorReturnResult<void>> {
		this.#open = 0;
		this.#idle = [];
		this.#arrived.length = 0;
		for (const stream of this.#streams) void stream.return();
		this.#handOut();
		return Promise.resolve(done);
	}

	#ask(stream: EventStream): void {
		stream
			.next()
			.then((result) => {
				if (result.done) this.#open -= 1;
				else this.#arrived.push({ stream, event: result.value });
			})
			.catch((error: unknown) => {
				this.#failure = { error };
			})
			.finally(() => this.#handOut());
	}

	#handOut(): void {
		const answer = this.#answer;
		if (!answer) return;
		const next = this.#arrived.shift();
		if (this.#failure) answer(Promise.reject(this.#failure.error));
		else if (this.#open <= 0) answer(done);
		else if (next) {
			this.#idle.push(next.stream);
			answer({ done: false, value: next.event });
		} else return;
		this.#answer = null;
	}
}
