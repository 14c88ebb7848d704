import type { Redis } from 'ioredis';
import type { Reporter } from '../../domain/reporter.ts';

const againMs = 1_000;

/**
 * The subscription library leaves the rejections of these calls to nobody, and each would end the
 * process. So none rejects: a subscription that Redis refuses is told of and tried again until it is
 * given up, while its followers read the database; an unsubscribing that fails has nothing to end.
 */
export function makePatient(subscriber: Redis, reporter: Reporter): void {
	const wanted = new Set<string>();
	const subscribe = subscriber.subscribe.bind(subscriber);

	async function attempt(name: string): Promise<void> {
		try {
			await subscribe(name);
		} catch (error) {
			reporter.unreadable('feed', error);
			setTimeout(() => wanted.has(name) && void attempt(name), againMs).unref();
		}
	}

	subscriber.subscribe = async (...given: unknown[]) => {
		const [name, told] = given;
		// ioredis itself takes up subscriptions again by lists of names.
		if (typeof name !== 'string' || typeof told !== 'function') {
			return subscribe(...given.flat().filter((each) => typeof each === 'string'));
		}
		wanted.add(name);
		await attempt(name);
		told(null);
		return wanted.size;
	};

	for (const call of ['unsubscribe', 'punsubscribe'] as const) {
		const original = subscriber[call].bind(subscriber);
		subscriber[call] = (...given: unknown[]) => {
			const names = given.filter((name) => typeof name === 'string');
			for (const name of names) wanted.delete(name);
			return original(...names).catch(() => {});
		};
	}
}
