import { expect, test } from 'vitest';
import { createStages, type StageName, timeFor } from './stages.ts';

test('what was started ends in the fixed order, once, whatever fails on the way', async () => {
	const ended: string[] = [];
	const said: string[] = [];
	const stages = createStages((text) => said.push(text));
	for (const name of ['MariaDB', 'worker', 'RabbitMQ', 'server'] as const) {
		stages.add(name, {
			async stop() {
				ended.push(name);
				if (name === 'worker') throw new Error('no');
			},
		});
	}
	await Promise.all([stages.stopAll(), stages.stopAll()]);
	expect(ended).toEqual(['server', 'worker', 'RabbitMQ', 'MariaDB']);
	expect(said).toEqual([
		'stopping server, worker, RabbitMQ, MariaDB',
		'worker did not stop cleanly: no',
	]);
});

test('all together end within 15 s even when each takes all it may', () => {
	const order: StageName[] = [
		...(['monitoring', 'server', 'worker', 'warm-up', 'emulator'] as const),
		...(['RabbitMQ', 'Redis', 'MariaDB'] as const),
	];
	let left = 14_500;
	for (const name of order) {
		const time = timeFor(name, left);
		expect(time).toBeGreaterThan(200);
		left -= time;
	}
	expect(left).toBeGreaterThanOrEqual(0);
});

test('what the ones before did not use is there for the next', () => {
	expect(timeFor('MariaDB', 14_000)).toBe(14_000);
	expect(timeFor('MariaDB', -1)).toBe(200);
});
