import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openLoop, percentile } from './open-loop.ts';

const signal = new AbortController().signal;
const requests = [{ method: 'GET', path: '/' }] as const;

async function serving(status: number) {
	let taken = 0;
	const server = createServer((_request, response) => {
		taken += 1;
		response.writeHead(status).end('{}');
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	// A server that listens on a port has an address of this kind.
	const { port } = server.address() as AddressInfo;
	return {
		target: { url: `http://127.0.0.1:${port}`, pid: process.pid },
		taken: () => taken,
		[Symbol.dispose]: () => server.close(),
	};
}

test('as many requests are sent as are due, and each has a latency', async () => {
	using server = await serving(200);
	const options = { rate: 200, seconds: 0.2, signal };
	const latencies = await openLoop(server.target, requests, options);
	expect(latencies).toHaveLength(40);
	expect(server.taken()).toBe(40);
	expect(Math.min(...latencies)).toBeGreaterThan(0);
});

test('a refusal fails all', async () => {
	using server = await serving(429);
	const options = { rate: 100, seconds: 0.05, signal };
	await expect(openLoop(server.target, requests, options)).rejects.toThrow('answered 429');
});

test('a percentile is one of the values', () => {
	const values = Array.from({ length: 200 }, (_, n) => 200 - n);
	expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 198, 200]);
});
