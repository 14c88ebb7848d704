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

test('the next free port is the one itself when nobody listens there', async () => {
	const port = await freePort();
	expect(await nextFreePort(port)).toBe(port);
	using _port = await taken(port);
	expect(await nextFreePort(port)).toBeGreaterThan(port);
});
