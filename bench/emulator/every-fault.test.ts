import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmulatedApi } from './api.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type FaultName, faultNames, faultsOf } from './faults.ts';
import { type ApiName, apiNames } from './protocol.ts';

// A proxy, so that every field has something in it.
const address = '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8';
const json = 'application/json; charset=utf-8';
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({
		slowness: 20,
		sourcify: { catalogue: true },
		blockscout: { catalogue: true },
	});
});

afterAll(() => emulator.close());

function urlAt(api: ApiName): string {
	if (api === 'sourcify') return `${emulator.sourcify.url}/v2/contract/1/${address}?fields=all`;
	if (api === 'blockscout') {
		return `${emulator.blockscout.url}/1/api/v2/smart-contracts/${address}?apikey=k`;
	}
	return `${emulator.url}?chainid=1&module=contract&action=getsourcecode&apikey=k&address=${address}`;
}

function corruptedCall(api: ApiName, fault: FaultName): Promise<Response> {
	const { inject }: Pick<EmulatedApi<never>, 'inject'> = emulator[api];
	inject(1, address, fault);
	return fetch(urlAt(api), { redirect: 'manual' });
}

/** What comes as a whole answer at all APIs: status, a part of the body, and the content type. */
const answers = {
	'http-401': [401, 'Unauthorized', json],
	'http-404-html': [404, '<h1>404 Not Found', 'text/html; charset=UTF-8'],
	'http-429': [429, '429 Too Many Requests', json],
	'http-500': [500, '<h1>500 Internal', 'text/html; charset=UTF-8'],
	'http-502': [502, '<h1>502 Bad', 'text/html; charset=UTF-8'],
	'http-503': [503, '<h1>503 Service', 'text/html; charset=UTF-8'],
	'http-504': [504, '<h1>504 Gateway', 'text/html; charset=UTF-8'],
	'echo-url': [500, address, 'text/html; charset=UTF-8'],
	'retry-after-seconds': [503, 'Service Unavailable', json],
	'retry-after-date': [429, 'Too Many Requests', json],
	'html-403': [403, 'you have been blocked', 'text/html; charset=UTF-8'],
	'html-200': [200, 'Just a moment...', 'text/html; charset=UTF-8'],
	'challenge-403': [403, 'utm_source=challenge', 'text/html; charset=UTF-8'],
	'challenge-503': [503, 'utm_source=challenge', 'text/html; charset=UTF-8'],
	'page-not-found': [200, 'Page not found', 'text/plain'],
	'not-json': [200, 'upstream connect error', json],
	empty: [200, '', json],
	'empty-204': [204, '', null],
	'html-as-json': [200, '<title>Welcome', json],
	'image-as-json': [200, 'PNG', json],
	'json-as-html': [200, 'TransparentUpgradeableProxy', 'text/html; charset=utf-8'],
	'json-array': [200, '[]', json],
	'json-number': [200, '42', json],
	'json-null': [200, 'null', json],
	'json-text': [200, '"a text"', json],
	'json-object': [200, '{"hello":"world"}', json],
	'json-deep': [200, '[[[[]]]]', json],
	redirect: [302, '', json],
	'redirect-self': [302, '', json],
	slow: [200, 'TransparentUpgradeableProxy', json],
} as const satisfies Partial<Record<FaultName, readonly [number, string, string | null]>>;

const answerNames = faultNames.filter((name): name is keyof typeof answers => name in answers);

describe.each(apiNames)('at %s', (api) => {
	test.each(answerNames)('%s is the answer', async (fault) => {
		const [status, text, type] = answers[fault];
		const response = await corruptedCall(api, fault);
		expect(response.status).toBe(status);
		expect(response.headers.get('content-type')).toBe(type);
		expect(await response.text()).toContain(text);
	});

	test('a retry is asked for in seconds or by a date', async () => {
		const seconds = await corruptedCall(api, 'retry-after-seconds');
		expect(seconds.headers.get('retry-after')).toBe('2');
		const date = await corruptedCall(api, 'retry-after-date');
		const named = date.headers.get('retry-after') ?? '';
		expect(new Date(named).toUTCString()).toBe(named);
		expect(Date.parse(named)).toBeGreaterThan(Date.parse(date.headers.get('date') ?? ''));
	});

	test('a redirect leads to another host, or in a circle', async () => {
		const away = await corruptedCall(api, 'redirect');
		expect(new URL(away.headers.get('location') ?? '').hostname).toBe('127.0.0.2');
		const round = await corruptedCall(api, 'redirect-self');
		expect(round.headers.get('location')).toBe(urlAt(api));
	});

	test('JSON of the wrong type is still the right JSON', async () => {
		const right = await (await fetch(urlAt(api))).json();
		expect(await (await corruptedCall(api, 'json-as-html')).json()).toEqual(right);
	});

	// fetch takes a gzip body that ends too early for a whole one.
	test.each<FaultName>(['cut-json', 'cut-gzip'])('%s does not parse', async (fault) => {
		const text = await (await corruptedCall(api, fault)).text();
		expect(text).toMatch(/^\{/);
		expect(() => JSON.parse(text)).toThrow(SyntaxError);
	});

	test('wrong bytes stand in a text, and the JSON around them is well formed', async () => {
		const response = await corruptedCall(api, 'utf8');
		const bytes = await response.arrayBuffer();
		expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow(TypeError);
		const text = new TextDecoder().decode(bytes);
		expect(text).toContain('\ufffd');
		expect(() => JSON.parse(text)).not.toThrow();
	});

	test.each<FaultName>(['cut-body', 'bad-gzip', 'big-header', 'reset'])(
		'%s breaks the body or the connection',
		async (fault) => {
			await expect(corruptedCall(api, fault).then((response) => response.text())).rejects.toThrow();
		},
	);

	test.each<FaultName>(['drip', 'big'])('%s goes on until the client hangs up', async (fault) => {
		const response = await corruptedCall(api, fault);
		let pieces = 0;
		for await (const piece of response.body ?? []) {
			pieces += piece.length > 0 ? 1 : 0;
			if (pieces > 5) break;
		}
		expect(pieces).toBe(6);
	});

	test('a gzip bomb is small on its way and huge at its end', async () => {
		const response = await corruptedCall(api, 'gzip-bomb');
		expect(response.headers.get('content-encoding')).toBe('gzip');
		expect(Number(response.headers.get('content-length'))).toBeLessThan(1024 * 1024);
		let bytes = 0;
		for await (const piece of response.body ?? []) bytes += piece.length;
		expect(bytes).toBeGreaterThan(256 * 1024 * 1024);
	});

	test('a stalled body is announced whole, begins and does not go on', async () => {
		const leave = new AbortController();
		const { inject }: Pick<EmulatedApi<never>, 'inject'> = emulator[api];
		inject(1, address, 'stall');
		const response = await fetch(urlAt(api), { signal: leave.signal });
		const announced = Number(response.headers.get('content-length'));
		const half = Math.ceil(announced / 2);
		let bytes = 0;
		const reading = async () => {
			for await (const piece of response.body ?? []) {
				bytes += piece.length;
				if (bytes >= half) leave.abort(new Error('left'));
			}
		};
		await expect(reading()).rejects.toThrow('left');
		expect(bytes).toBeLessThan(announced);
	});

	test('hang gives no answer', async () => {
		const { inject, hold }: Pick<EmulatedApi<never>, 'inject' | 'hold'> = emulator[api];
		inject(1, address, 'hang');
		const held = hold(1, address);
		const leave = new AbortController();
		const call = fetch(urlAt(api), { signal: leave.signal });
		const left = expect(call).rejects.toThrow('left');
		await held.arrived;
		held.release();
		expect((await fetch(urlAt(api))).status).toBe(200);
		leave.abort(new Error('left'));
		await left;
	});

	test('what it does not have is refused with a sentence', () => {
		const { inject }: Pick<EmulatedApi<never>, 'inject'> = emulator[api];
		const missing = faultNames.filter((name) => !faultsOf(api).includes(name));
		expect(missing.length).toBeGreaterThan(0);
		for (const name of missing) {
			expect(() => inject(1, address, name)).toThrow(`${api} has no fault "${name}"; it has: `);
		}
	});
});

test('a fault mix is checked when an API opens', async () => {
	await expect(startEmulator({ sourcify: { faults: { plan: 0.1 } } })).rejects.toThrow(
		'sourcify has no fault "plan"',
	);
});
