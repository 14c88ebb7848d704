import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createOutageReport, openLoki } from './loki.ts';

test('it fails from the first attempt that did until one arrives', async () => {
	let status = 500;
	const server = createServer((_, response) => response.writeHead(status).end());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const turned = { down: Promise.withResolvers<void>(), up: Promise.withResolvers<void>() };
	const loki = openLoki(
		{ url, labels: {}, dropped() {}, changed: (state) => turned[state].resolve() },
		{ gatherMs: 1, pauseMs: { first: 1, longest: 1 }, tries: Number.POSITIVE_INFINITY },
	);
	expect(loki.failing()).toBe(false);
	loki.transport.log?.({ line: { level: 'error', json: '{"timestamp":0}' } }, () => {});
	await turned.down.promise;
	expect([loki.failing(), loki.entries()]).toEqual([true, 1]);
	status = 204;
	await turned.up.promise;
	expect(loki.failing()).toBe(false);
	await loki.close(1_000);
	server.close();
});

afterEach(() => void vi.useRealTimers());

const away = 'logs do not reach Loki';
const back = 'logs reach Loki again';

function openReport() {
	vi.useFakeTimers();
	const lines: string[] = [];
	const write = (line: unknown) => void lines.push(String(line));
	// Winston's own gives back the logger, which nobody here looks at.
	const log = { warn: write, info: write } as unknown as Parameters<typeof createOutageReport>[0];
	return { lines, report: createOutageReport(log, 60_000) };
}

test('an outage soon after another is logged once the quiet time is over, if it lasts', () => {
	const { lines, report } = openReport();
	report('down', new Error('one'));
	report('up');
	vi.advanceTimersByTime(10_000);
	report('down', new Error('two'));
	vi.advanceTimersByTime(49_000);
	expect(lines).toEqual([away, back]);
	vi.advanceTimersByTime(1_000);
	report('up');
	expect(lines).toEqual([away, back, away, back]);
});

test('one that is over before then is not', () => {
	const { lines, report } = openReport();
	for (let outage = 0; outage < 5; outage++) {
		report('down', new Error('gone'));
		report('up');
	}
	vi.advanceTimersByTime(120_000);
	expect(lines).toEqual([away, back]);
});
