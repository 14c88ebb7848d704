import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { openLoki } from './loki.ts';
import { reportOutages } from './open.ts';

test('it fails from the first attempt that did until one arrives', async () => {
	let status = 500;
	const server = createServer((_, response) => response.writeHead(status).end());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const [down, up] = [Promise.withResolvers<unknown>(), Promise.withResolvers<void>()];
	const loki = openLoki(
		{ url, labels: {}, dropped() {}, failed: down.resolve, recovered: up.resolve },
		{ gatherMs: 1, pauseMs: { first: 1, longest: 1 }, tries: Number.POSITIVE_INFINITY },
	);
	expect(loki.failing()).toBe(false);
	loki.transport.log?.({ line: { level: 'error', json: '{"timestamp":0}' } }, () => {});
	await down.promise;
	expect([loki.failing(), loki.entries()]).toEqual([true, 1]);
	status = 204;
	await up.promise;
	expect(loki.failing()).toBe(false);
	await loki.close(1_000);
	server.close();
});

afterEach(() => void vi.useRealTimers());

const away = 'logs do not reach Loki';
const back = 'logs reach Loki again';

test('an outage is logged at once, and again each minute that it lasts', () => {
	vi.useFakeTimers();
	const lines: string[] = [];
	const write = (line: unknown) => void lines.push(String(line));
	// Winston's own gives back the logger, which nobody here looks at.
	const log = { warn: write, info: write } as unknown as Parameters<typeof reportOutages>[0];
	const { failed, recovered } = reportOutages(log, 60_000);
	for (let outage = 0; outage < 5; outage++) {
		failed(new Error('one that is over soon'));
		recovered();
	}
	expect(lines).toEqual([away, back]);
	vi.advanceTimersByTime(59_000);
	failed(new Error('one that lasts'));
	expect(lines).toEqual([away, back]);
	vi.advanceTimersByTime(1_000);
	failed(new Error('the same'));
	recovered();
	expect(lines).toEqual([away, back, away, back]);
});
