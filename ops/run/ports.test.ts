import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../services/free-port.ts';
import { checkPorts, nextFreePort } from './ports.ts';

async function taken(port: number) {
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	return { [Symbol.dispose]: () => void server.close() };
}

const noKeys = { etherscanKeys: 0, etherscanUrl: undefined, sources: [] };

test('a taken port is told with the setting to change', async () => {
	const [httpPort, metricsPort] = [await freePort(), await freePort(2)];
	using _http = await taken(httpPort);
	using _worker = await taken(metricsPort + 1);
	const check = checkPorts({ httpPort, metricsPort, ...noKeys });
	await expect(check).rejects.toThrow(
		`HTTP_PORT ${httpPort} is taken by another program: set HTTP_PORT`,
	);
	await expect(check).rejects.toThrow(`port ${metricsPort + 1} (METRICS_PORT + 1, for the worker)`);
});

/** What is proposed for the setting of a refusal. */
async function proposed(setting: string, check: Promise<void>): Promise<number> {
	const refusal = await check.then(() => '', String);
	return Number(new RegExp(`${setting}=(\\d+) npm start`).exec(refusal)?.[1]);
}

test('the port proposed for HTTP is not one that metrics will have', async () => {
	const httpPort = await freePort();
	using _http = await taken(httpPort);
	for (const metricsPort of [httpPort + 100, httpPort + 99]) {
		const check = checkPorts({ httpPort, metricsPort, ...noKeys });
		const other = await proposed('HTTP_PORT', check);
		expect(other).toBeGreaterThan(httpPort + 100);
		expect([metricsPort, metricsPort + 1]).not.toContain(other);
	}
});

test('the port proposed for metrics and the one after it are free, and neither will be that of HTTP', async () => {
	const metricsPort = await freePort();
	using _metrics = await taken(metricsPort);
	for (const httpPort of [metricsPort + 100, metricsPort + 101]) {
		const other = await proposed('METRICS_PORT', checkPorts({ httpPort, metricsPort, ...noKeys }));
		expect(other).toBeGreaterThan(httpPort);
	}
	const other = await nextFreePort(metricsPort + 100, { count: 2 });
	using _second = await taken(other + 1);
	const check = checkPorts({ httpPort: await freePort(), metricsPort, ...noKeys });
	expect(await proposed('METRICS_PORT', check)).toBeGreaterThan(other + 1);
});

test('the next free port is the one itself when nobody listens there', async () => {
	const port = await freePort();
	expect(await nextFreePort(port)).toBe(port);
	using _port = await taken(port);
	expect(await nextFreePort(port)).toBeGreaterThan(port);
});
