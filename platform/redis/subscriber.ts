import { Redis, type RedisOptions } from 'ioredis';

const retryMs = 1_000;

/**
 * A connection whose subscriptions never reject: the subscription library leaves a rejection unhandled, and it would
 * end the process. One that Redis refuses is emitted as `refused` and tried again until it is given up, while its
 * followers read the database; an unsubscribing that fails has nothing to end. While Redis is away only the names
 * that are wanted are kept: these alone are subscribed to when it is back (ioredis would take those of the loss).
 */
export class Subscriber extends Redis {
	readonly #wanted = new Set<string>();
	/** Sent and not acknowledged: should the connection be lost, ioredis sends them once more. */
	readonly #sent = new Set<string>();
	/** Who waits for an acknowledgement; a promise they all shared would keep something of each for good. */
	readonly #waiting = new Set<() => void>();

	constructor(options: RedisOptions, url?: string) {
		const own = { ...options, autoResubscribe: false };
		if (url === undefined) super(own);
		else super(url, own);
		this.on('close', () => {
			for (const goOn of this.#waiting) goOn();
			this.#waiting.clear();
		});
		this.on('ready', () => {
			const givenUp = [...this.#sent].filter((name) => !this.#wanted.has(name));
			if (givenUp.length > 0) super.unsubscribe(...givenUp).catch(() => {});
			void this.#attempt([...this.#wanted]);
		});
	}

	/** Calls back when it is done, or put off until Redis is back. */
	override async subscribe(...given: unknown[]): Promise<number> {
		const [name, done] = given;
		if (typeof name !== 'string' || typeof done !== 'function') {
			throw new Error('a name and a callback are expected');
		}
		this.#wanted.add(name);
		await this.#attempt([name]);
		done(null);
		return this.#wanted.size;
	}

	override async unsubscribe(...given: unknown[]): Promise<unknown> {
		const names = given.filter((name) => typeof name === 'string');
		for (const name of names) this.#wanted.delete(name);
		return this.status === 'ready' ? super.unsubscribe(...names).catch(() => {}) : undefined;
	}

	override async punsubscribe(...given: unknown[]): Promise<unknown> {
		const names = given.filter((name) => typeof name === 'string');
		return this.status === 'ready' ? super.punsubscribe(...names).catch(() => {}) : undefined;
	}

	async #attempt(asked: readonly string[]): Promise<void> {
		const names = asked.filter((name) => this.#wanted.has(name));
		if (names.length === 0 || this.status !== 'ready') return;
		for (const name of names) this.#sent.add(name);
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#waiting.add(resolve);
		super
			.subscribe(...names)
			.catch((error: unknown) => {
				this.emit('refused', error);
				setTimeout(() => void this.#attempt(names), retryMs).unref();
			})
			.finally(() => {
				for (const name of names) this.#sent.delete(name);
				this.#waiting.delete(resolve);
				resolve();
			});
		await promise;
	}
}
