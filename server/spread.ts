import { setTimeout } from 'node:timers/promises';

/** Does something to each at a random moment within `ms`, so that they do not all come back at once. */
export async function spread<T>(
	each: Iterable<T>,
	ms: number,
	act: (one: T) => void,
): Promise<void> {
	const waits = Array.from(each, async (one) => {
		await setTimeout(Math.random() * ms);
		act(one);
	});
	await Promise.all(waits);
}
