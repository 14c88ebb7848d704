import { expect, test } from 'vitest';
import { seldom } from './probes.ts';

test('a check that is under way, or has just been made, is not made again', async () => {
	let asked = 0;
	const answer = Promise.withResolvers<void>();
	const checks = seldom({
		async mysql() {
			asked += 1;
			await answer.promise;
		},
		async redis() {
			asked += 1;
			throw new Error('away');
		},
	});
	const all = [checks['mysql']?.(), checks['mysql']?.()];
	answer.resolve();
	await Promise.all(all);
	await checks['mysql']?.();
	for (let n = 0; n < 3; n += 1) await expect(checks['redis']?.()).rejects.toThrow('away');
	expect(asked).toBe(2);
});
