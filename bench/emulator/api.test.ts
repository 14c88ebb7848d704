import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Injection } from './api.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import type { FaultName } from './faults.ts';

const address = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ slowness: 20 });
});

afterAll(() => emulator.close());

function call(signal?: AbortSignal): Promise<Response> {
	const query = `chainid=1&module=contract&action=getsourcecode&address=${address}&apikey=k`;
	return fetch(`${emulator.url}?${query}`, signal ? { signal } : {});
}

async function corrupted(fault: Injection): Promise<{ status: number; body: string }> {
	emulator.inject(1, address, fault);
	const response = await call();
	return { status: response.status, body: await response.text() };
}

const expected: [FaultName, number, string][] = [
	['rate-limit', 200, '"Max calls per sec rate limit reached (3/sec)"'],
	['daily-quota', 200, '"Max daily rate limit reached. 110000 (110%) of 100000 day/limit"'],
	['invalid-key', 200, '"Invalid API Key (#err2)"'],
	['timeout', 200, '"Query Timeout occured. Please select a smaller result dataset"'],
	['busy', 200, '"Unexpected err, timeout occurred or server too busy. Please try again later"'],
	['plan', 200, 'Free API access is not supported for this chain.'],
	['v1-dead', 200, 'You are using a deprecated V1 endpoint'],
	['unknown', 200, '"NOTOK"'],
	['null-result', 200, '"result":null'],
	['empty-result', 200, '"result":[]'],
	['http-429', 429, '429 Too Many Requests'],
	['http-500', 500, '<title>500 Internal Server Error'],
	['http-502', 502, '<title>502 Bad Gateway'],
	['http-503', 503, '<title>503 Service'],
	['html-403', 403, 'Sorry, you have been blocked'],
	['html-200', 200, 'Just a moment...'],
	['page-not-found', 200, 'Page not found'],
	['not-json', 200, 'upstream connect error'],
	['slow', 200, 'WETH9'],
];

test.each(expected)('%s comes as HTTP %i', async (fault, status, text) => {
	const answer = await corrupted(fault);
	expect(answer.status).toBe(status);
	expect(answer.body).toContain(text);
});

test('an empty body is one', async () => {
	expect(await corrupted('empty')).toEqual({ status: 200, body: '' });
});

test('cut JSON arrives as a whole body that does not parse', async () => {
	const { body } = await corrupted('cut-json');
	expect(body).toContain('"SourceCode"');
	expect(() => JSON.parse(body)).toThrow(SyntaxError);
});

test.each<FaultName>(['cut-body', 'reset'])('%s breaks the connection', async (fault) => {
	await expect(corrupted(fault)).rejects.toThrow();
});

test('a big body goes on past any limit until the client hangs up', async () => {
	emulator.inject(1, address, 'big');
	const response = await call();
	let received = 0;
	for await (const piece of response.body ?? []) {
		received += piece.length;
		if (received > 8 * 1024 * 1024) break;
	}
	expect(received).toBeGreaterThan(8 * 1024 * 1024);
});

test('any other answer can be injected word for word', async () => {
	expect(await corrupted({ status: 418, body: 'tea' })).toEqual({ status: 418, body: 'tea' });
});

test('injected faults come in order, then the right answer', async () => {
	emulator.inject(1, address, ['http-500', 'http-503']);
	const statuses = [];
	for (let time = 0; time < 3; time += 1) statuses.push((await call()).status);
	expect(statuses).toEqual([500, 503, 200]);
});

test('a held call is answered when it is released', async () => {
	const hold = emulator.hold(1, address);
	const order: string[] = [];
	const held = call().then(() => order.push('answered'));
	await hold.arrived;
	expect((await call()).status).toBe(200);
	order.push('released');
	hold.release();
	await held;
	expect(order).toEqual(['released', 'answered']);
});

test('a call that hangs is not answered, and ends when the emulator closes', async () => {
	const own = await startEmulator({ faults: { hang: 1 } });
	const query = `chainid=1&module=contract&action=getsourcecode&address=${address}&apikey=k`;
	const hanging = expect(fetch(`${own.url}?${query}`)).rejects.toThrow();
	const hold = own.hold(1, address);
	const held = expect(fetch(`${own.url}?${query}`)).rejects.toThrow();
	await hold.arrived;
	await own.close();
	await Promise.all([hanging, held]);
});

test('the rate flag refuses what is over it and counts all that arrived', async () => {
	await using own = await startEmulator({ rate: 3 });
	const query = `chainid=1&module=contract&action=getsourcecode&address=${address}&apikey=k`;
	const bodies = await Promise.all(
		Array.from({ length: 5 }, async () => (await fetch(`${own.url}?${query}`)).text()),
	);
	const refused = bodies.filter((body) => body.includes('rate limit reached (3/sec)'));
	expect(refused).toHaveLength(2);
	expect([own.total, own.maxPerSecond, own.calls(1, address)]).toEqual([5, 5, 5]);
});
