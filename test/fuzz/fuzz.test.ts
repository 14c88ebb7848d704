import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSystem } from '../harness/system.ts';
import { fuzzRound, usedBy, wrongAtTheEnd } from './fuzz.ts';
import { openFuzzSystem } from './fuzz-system.ts';

const counts = { documents: 60, bytes: 80, messages: 20 };
const megabyte = 1024 * 1024;
/** Of compiled documents, which are kept, and of what is made once. */
const mostMegabytes = 20;

test('nothing random breaks anything, wherever it is sent to', { timeout: 600_000 }, async () => {
	await using system = await openSystem();
	const fuzzed = await openFuzzSystem(system);
	const seed = randomInt(2 ** 31);
	await fuzzRound(fuzzed, seed, counts);
	const before = await usedBy(fuzzed);
	await fuzzRound(fuzzed, seed + 1, counts);
	expect(await wrongAtTheEnd(fuzzed), `seed ${seed}`).toEqual([]);
	const after = await usedBy(fuzzed);
	for (const name of ['server', 'worker'] as const) {
		expect((after[name] - before[name]) / megabyte, name).toBeLessThan(mostMegabytes);
	}
	await fuzzed.close();
});
