import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { freePort, nextFreePort } from '../services/ports.ts';
import { SetupError } from '../services/setup-error.ts';
import { checkPorts, childEnvironment, givenUrls, readSettings } from './settings.ts';

describe('settings', () => {
	test('have their defaults', () => {
		expect(readSettings({})).toEqual({
			httpPort: 4000,
			metricsPort: 9464,
			etherscanKeys: 0,
			etherscanUrl: undefined,
			sources: ['etherscan', 'sourcify'],
		});
	});

	test('count the keys, not the commas', () => {
		expect(readSettings({ ETHERSCAN_API_KEYS: ' a, ,b,' }).etherscanKeys).toBe(2);
	});

	test('of the processes are looked at as well, and ports that would collide', () => {
		const read = () =>
			readSettings({ HTTP_PORT: '9465', LOG_LEVEL: 'loud', MYSQL_URL: 'nonsense' });
		expect(read).toThrow(/HTTP_PORT 9465 is also wanted for metrics.*MYSQL_URL.*LOG_LEVEL/s);
		expect(() => readSettings({ HTTP_PORT: '0x10' })).toThrow(/HTTP_PORT is "0x10"/);
	});

	test('all that is wrong is reported at once, by name', () => {
		const read = () => readSettings({ HTTP_PORT: 'x', METRICS_PORT: '65535' });
		expect(read).toThrow(SetupError);
		expect(read).toThrow(/HTTP_PORT is "x".*\n.*METRICS_PORT is "65535".*65534/);
	});
});

test('a service variable that is empty is one that is not given', () => {
	expect(givenUrls({ MYSQL_URL: ' ', REDIS_URL: 'redis://h' })).toEqual({ REDIS_URL: 'redis://h' });
});

describe('the environment of a process', () => {
	test('has everything of ours, and what was found out wins', () => {
		const env = childEnvironment({ A: '1', METRICS_PORT: '9464' }, { METRICS_PORT: 9465 });
		expect(env).toEqual({ A: '1', METRICS_PORT: '9465' });
	});

	test('leaves out what is not known', () => {
		expect(childEnvironment({ A: '1' }, { A: undefined })).toEqual({ A: '1' });
	});
});

async function taken(port: number) {
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	return { [Symbol.dispose]: () => void server.close() };
}

const noKeys = { etherscanKeys: 0, etherscanUrl: undefined, sources: [] };

test('a taken port is reported with the setting to change', async () => {
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
