import type { Redis } from 'ioredis';
import type { Reporter } from '../../domain/reporter.ts';

const againMs = 1_000;

/**
 * The subscription library leaves the rejections of these calls to nobody, and each would end the
 * process. So none rejects: a subscription that Redis refuses is told of and tried again until it is
 * given up, while its followers read the database; an unsubscribing that fails has nothing to end.
 * After an outage all that is wanted then is taken up again, and nothing else. ioredis itself would
 * take up what was wanted at the loss, after an unsubscribing that came while it connected.
 */
export function makePatient(subscriber: Redis, reporter: Reporter): void {
	const wanted = new Set<string>();
	/** Not acknowledged yet: should the connection be lost again, ioredis sends it once more. */
	let takingUp: string[] = [];
	const subscribe = subscriber.subscribe.bind(subscriber);
	const unsubscribe = subscriber.unsubscribe.bind(subscriber);

	async function attempt(names: readonly string[]): Promise<void> {
		try {
			await subscribe(...names);
		} catch (error) {
			reporter.unreadable('feed', error);
			setTimeout(() => void again(names), againMs).unref();
		}
	}

	async function again(names: readonly string[]): Promise<void> {
		const left = names.filter((name) => wanted.has(name));
		if (left.length > 0) await attempt(left);
	}

	subscriber.on('ready', async () => {
		const givenUp = takingUp.filter((name) => !wanted.has(name));
		if (givenUp.length > 0) unsubscribe(...givenUp).catch(() => {});
		const names = [...wanted];
		takingUp = names;
		await again(names);
		if (takingUp === names) takingUp = [];
	});

	subscriber.subscribe = async (...given: unknown[]) => {
		const [name, told] = given;
		if (typeof name !== 'string' || typeof told !== 'function') {
			throw new Error('a name and a callback are expected');
		}
		wanted.add(name);
		await attempt([name]);
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
