import { expect, test } from 'vitest';
import type { Exit } from '../services/processes.ts';
import {
	createStages,
	keepRunning,
	pauseBefore,
	type Running,
	type StageName,
	startAll,
	timeFor,
} from './keep-running.ts';

function running(): Running & { end(exit: Exit): void; stopped: boolean } {
	const { promise, resolve } = Promise.withResolvers<Exit>();
	return {
		exited: promise,
		end: resolve,
		stopped: false,
		async stop() {
			this.stopped = true;
		},
	};
}

test('the pauses double', () => {
	expect([1, 2, 3, 4].map(pauseBefore)).toEqual([500, 1_000, 2_000, 4_000]);
});

test('what ends by itself is started again and said, and the new one is the one to stop', async () => {
	const first = running();
	const second = running();
	const said: string[] = [];
	const again = Promise.withResolvers<void>();
	const kept = keepRunning(
		'server',
		first,
		async () => second,
		(text) => {
			said.push(text);
			if (text.includes('runs again')) again.resolve();
		},
	);
	first.end({ code: 3, signal: null });
	await again.promise;
	expect(said).toEqual([
		'server ended with status 3; starting it again in 0.5 s',
		'server runs again',
	]);
	await kept.stop(1_000);
	expect([first.stopped, second.stopped]).toEqual([false, true]);
});

test('stopping during the pause starts nothing', async () => {
	const first = running();
	const paused = Promise.withResolvers<void>();
	let starts = 0;
	const start = async () => {
		starts += 1;
		return running();
	};
	const kept = keepRunning('server', first, start, () => paused.resolve());
	first.end({ code: null, signal: 'SIGKILL' });
	await paused.promise;
	await kept.stop(1_000);
	expect(starts).toBe(0);
	expect(first.stopped).toBe(false);
});

test('what starts together comes up whole or not at all', async () => {
	const said: string[] = [];
	const say = (text: string) => void said.push(text);
	const { signal } = new AbortController();
	const context = { stages: createStages(say), say, signal };
	const server = running();
	const good = { name: 'server', start: async () => server } as const;
	const bad = { name: 'worker', start: () => Promise.reject(new Error('no port')) } as const;
	await expect(startAll([good, bad], context)).rejects.toThrow('no port');
	expect(server.stopped).toBe(true);
	await context.stages.stopAll();
	expect(said).toEqual([]);
});

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
		...(['monitoring', 'server', 'worker', 'warm-up', 'page', 'emulator'] as const),
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
