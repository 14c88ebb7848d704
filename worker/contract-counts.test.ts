import { expect, test } from 'vitest';
import { createTimeBudget } from './contract-counts.ts';

let now = 0;
let done = 0;

/** Takes 10 of the clock. */
async function work(): Promise<void> {
	done += 1;
	now += 10;
}

async function failing(): Promise<void> {
	await work();
	throw new Error('too long');
}

test('what takes long is done again only after its share of the time, also where it fails', async () => {
	const budget = createTimeBudget(0.01, () => now);
	await budget.run(work);
	now = 1_009;
	await budget.run(work);
	expect(done).toBe(1);
	now = 1_010;
	await expect(budget.run(failing)).rejects.toThrow('too long');
	now = 2_019;
	await budget.run(work);
	expect(done).toBe(2);
});

test('what went well can be done anew at once, what failed cannot', async () => {
	const budget = createTimeBudget(0.01, () => now);
	done = 0;
	now = 0;
	await budget.run(work);
	budget.forget();
	await budget.run(failing).catch(() => {});
	budget.forget();
	await budget.run(work);
	expect(done).toBe(2);
});
