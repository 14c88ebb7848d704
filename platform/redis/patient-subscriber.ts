import type { Redis } from 'ioredis';
import type { Emit } from '../../domain/telemetry.ts';

const againMs = 1_000;

/**
 * The subscription library leaves the rejections of these calls to nobody, and each would end the
 * process. So none rejects: a subscription that Redis refuses is told of and tried again until it is
 * given up, while its followers read the database; an unsubscribing that fails has nothing to end.
 * While Redis is away nothing is kept for it but the names that are wanted: when it is back these are
 * taken up, and nothing else. ioredis itself would take up what was wanted at the loss.
 */
export function makePatient(subscriber: Redis, emit: Emit): void {
	const wanted = new Set<string>();
	/** Sent and not acknowledged: should the connection be lost, ioredis sends them once more. */
	const sent = new Set<string>();
	const subscribe = subscriber.subscribe.bind(subscriber);
	const unsubscribe = subscriber.unsubscribe.bind(subscriber);
	/** Who waits for an acknowledgement; a promise they all shared would keep something of each for good. */
	const waiting = new Set<() => void>();
	const isThere = () => subscriber.status === 'ready';

	/** Resolves when it is done, or put off until Redis is back. */
	async function attempt(names: readonly string[]): Promise<void> {
		for (const name of names) sent.add(name);
		const { promise, resolve } = Promise.withResolvers<void>();
		waiting.add(resolve);
		subscribe(...names)
			.then(
				() => {},
				(error) => {
					emit({ type: 'message.unreadable', where: 'feed', error });
					setTimeout(() => void again(names), againMs).unref();
				},
			)
			.finally(() => {
				for (const name of names) sent.delete(name);
				waiting.delete(resolve);
				resolve();
			});
		await promise;
	}

	async function again(names: readonly string[]): Promise<void> {
		const left = names.filter((name) => wanted.has(name));
		if (left.length > 0 && isThere()) await attempt(left);
	}

	subscriber.on('close', () => {
		for (const goOn of waiting) goOn();
		waiting.clear();
	});
	subscriber.on('ready', () => {
		const givenUp = [...sent].filter((name) => !wanted.has(name));
		if (givenUp.length > 0) unsubscribe(...givenUp).catch(() => {});
		void again([...wanted]);
	});

	subscriber.subscribe = async (...given: unknown[]) => {
		const [name, told] = given;
		if (typeof name !== 'string' || typeof told !== 'function') {
			throw new Error('a name and a callback are expected');
		}
		wanted.add(name);
		await again([name]);
		told(null);
		return wanted.size;
	};

	for (const call of ['unsubscribe', 'punsubscribe'] as const) {
		const original = subscriber[call].bind(subscriber);
		subscriber[call] = async (...given: unknown[]) => {
			const names = given.filter((name) => typeof name === 'string');
			for (const name of names) wanted.delete(name);
			return isThere() ? original(...names).catch(() => {}) : undefined;
		};
	}
}
