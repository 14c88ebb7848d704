import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { checksummed, parseAddress } from '../domain/address.ts';
import { readItem } from '../sources/etherscan/item.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { eas, randomAddress, verified, weth } from './harness/contracts.ts';
import { busy, read, unverified, urlOf } from './harness/etherscan-calls.ts';
import { systemTest } from './harness/fixture.ts';
import { type ServerProcess, type System, secretKey } from './harness/system.ts';

const test = systemTest({
	server: { ETHERSCAN_API_WAIT_MS: '50000' },
	// What is held back outlives no lease, however slow the machine.
	worker: { MAX_ATTEMPTS: '1', LEASE_MS: '60000' },
})
	.extend('impatient', { scope: 'file' }, ({ system }) =>
		system.server({ ETHERSCAN_API_WAIT_MS: '1' }),
	)
	// Lets one wait, and believes nothing for long.
	.extend('narrow', { scope: 'file' }, ({ system }) =>
		system.server({ ETHERSCAN_API_WAIT_MS: '50000', MAX_FOLLOWED: '1', NOT_VERIFIED_MS: '1' }),
	);

async function item(
	server: ServerProcess,
	address: string,
	chainid = '1',
): Promise<Record<string, string>> {
	const { result } = await read(server, urlOf('getsourcecode', address, { chainid }));
	return (result as Record<string, string>[])[0] ?? {};
}

describe('a verified contract that nobody has submitted', () => {
	test.for<[string, string, string]>([
		['plain text', '1', weth],
		['standard JSON', '1', eas],
		['a proxy', '1', '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8'],
		['on another chain', '137', '0x5E634ef5355f45A855d02D66eCD687b1502AF790'],
	])('has the item that Etherscan has: %s', async ([_, chainid, address], { system, server }) => {
		const at = urlOf('getsourcecode', address, { chainid, apikey: secretKey });
		const response = await fetch(system.emulator.url + at.slice('/v2/api'.length));
		const [theirs] = ((await response.json()) as { result: Record<string, string>[] }).result;
		const ours = await item(server, address, chainid);
		expect(Object.keys(ours)).toEqual(Object.keys(theirs ?? {}));
		const limits = { origin: '', maxSourceBytes: 1e8 };
		expect(readItem(ours, limits)?.standardJson).toEqual(readItem(theirs, limits)?.standardJson);
		for (const field of ['ABI', 'ContractName', 'CompilerVersion', 'Proxy', 'Implementation']) {
			expect(ours[field]).toBe(theirs?.[field]);
		}
	});

	test('has its ABI', async ({ system, server }) => {
		const { result, ...envelope } = await read(server, urlOf('getabi', verified(system.emulator)));
		expect(envelope).toEqual({ status: '1', message: 'OK' });
		expect(result).toBe('[]');
	});

	test('is asked for by many at once and downloaded once', async ({ system, server }) => {
		const address = verified(system.emulator);
		const answers = await Promise.all(
			Array.from({ length: 50 }, () => read(server, urlOf('getabi', address))),
		);
		expect(new Set(answers.map(({ result }) => result))).toEqual(new Set(['[]']));
		expect(system.emulator.calls(1, address)).toBe(1);
	});
});

test('a contract that is not verified has the two answers of Etherscan, from one download', async ({
	system,
	server,
}) => {
	const address = randomAddress();
	expect(await read(server, urlOf('getsourcecode', address))).toMatchObject({
		status: '1',
		message: 'OK',
		result: [{ SourceCode: '', ABI: unverified, LicenseType: 'Unknown', Proxy: '0' }],
	});
	const refusal = { status: '0', message: 'NOTOK', result: unverified };
	expect(await read(server, urlOf('getabi', address))).toEqual(refusal);
	expect(system.emulator.calls(1, address)).toBe(1);
});

test('a proxy that is not verified says where its code is, which is downloaded', async ({
	system,
	server,
}) => {
	const implementation = verified(system.emulator).toLowerCase();
	const address = randomAddress();
	system.emulator.put(1, address, {
		...{ SourceCode: '', ABI: 'Contract source code not verified' },
		...{ Proxy: '1', Implementation: implementation },
	});
	const ours = await item(server, address);
	expect(ours).toMatchObject({ SourceCode: '', Proxy: '1', Implementation: implementation });
	await all(watch('ws', server.url, watchOne, { address: implementation }));
	const query = `query ($address: Address!) {
		contract(address: $address) {
			status error { code } proxyType source { name }
			implementations { address contract { status } }
		}
	}`;
	expect((await ask(server.url, query, { address })).data).toEqual({
		contract: {
			...{ status: 'ERROR', error: { code: 'NOT_VERIFIED' }, proxyType: null, source: null },
			implementations: [
				{
					address: checksummed(parseAddress(implementation)),
					contract: { status: 'SUCCESS' },
				},
			],
		},
	});
});

test('long constructor arguments and numbers come whole by both ways', async ({
	system,
	server,
}) => {
	const address = randomAddress();
	const ConstructorArguments = 'ab'.repeat(100_000);
	const Runs = '4294967295';
	system.emulator.put(1, address, { SourceCode: 'contract Long {}', ConstructorArguments, Runs });
	expect((await item(server, address))['ConstructorArguments']).toBe(ConstructorArguments);
	const query = `query ($address: Address!) {
		contract(address: $address) { source { constructorArguments optimizer { runs runsExact } } }
	}`;
	expect((await ask(server.url, query, { address })).data).toEqual({
		contract: {
			source: {
				constructorArguments: `0x${ConstructorArguments}`,
				optimizer: { runs: null, runsExact: 4294967295 },
			},
		},
	});
});

test('"not verified" is believed for a while only', async ({ system, narrow }) => {
	const address = randomAddress();
	await read(narrow, urlOf('getabi', address));
	system.emulator.put(1, address, { SourceCode: 'contract T {}', ABI: '[]', ContractName: 'T' });
	expect(await read(narrow, urlOf('getabi', address))).toMatchObject({ result: '[]' });
});

describe('a source that cannot be had now', () => {
	test('is busy while it is being fetched, and there afterwards', async ({
		system,
		server,
		impatient,
	}) => {
		const address = verified(system.emulator);
		const held = system.emulator.hold(1, address);
		for (const action of ['getabi', 'getsourcecode']) {
			const response = await fetch(impatient.url + urlOf(action, address));
			expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
			expect(await response.json()).toEqual(busy);
		}
		held.release();
		expect(await read(server, urlOf('getabi', address))).toMatchObject({
			status: '1',
			result: '[]',
		});
	});

	test('is never called "not verified" when its upstream fails', async ({
		system,
		server,
		narrow,
	}) => {
		const address = verified(system.emulator);
		system.emulator.inject(1, address, 'http-500');
		for (const action of ['getabi', 'getsourcecode']) {
			expect(await read(server, urlOf(action, address))).toEqual(busy);
		}
		// Whoever asks again and again costs no further call, until its time is over.
		expect(system.emulator.calls(1, address)).toBe(1);
		expect(await read(narrow, urlOf('getabi', address))).toMatchObject({
			result: '[]',
		});
	});

	test('is refused for good when it is too large or cannot be read', async ({ system, server }) => {
		const address = randomAddress();
		const SourceCode = '{"a.sol":{"urls":["ipfs://x"]}}';
		system.emulator.put(1, address, { SourceCode, ContractName: 'T', ABI: '[]' });
		const { status, result } = await read(server, urlOf('getsourcecode', address));
		expect([status, result]).toEqual(['0', expect.stringMatching(/^Error! .* cannot be read/)]);
	});

	test('is the old one while a refresh runs, and when it has failed', async ({
		system,
		server,
	}) => {
		const address = verified(system.emulator, 'contract Old {}\n', 'Old');
		await item(server, address);
		system.emulator.inject(1, address, 'http-500');
		const held = system.emulator.hold(1, address);
		const refresh =
			'mutation ($address: Address!) { submitContract(address: $address, refresh: true) { version } }';
		await ask(server.url, refresh, { address });
		const events = all(watch('ws', server.url, watchOne, { address }));
		await held.arrived;
		expect(await item(server, address)).toMatchObject({ SourceCode: 'contract Old {}\n' });
		held.release();
		expect((await events).at(-1)?.status).toBe('ERROR');
		expect(await item(server, address)).toMatchObject({ SourceCode: 'contract Old {}\n' });
	});
});

async function channels(system: System): Promise<number> {
	return ((await system.redis.pubsub('CHANNELS')) as string[]).length;
}

async function untilChannels(system: System, count: number): Promise<void> {
	while ((await channels(system)) !== count) await sleep(20);
}

test('a client that leaves is waited for no longer', async ({ system, server }) => {
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await untilChannels(system, 0);
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	socket.write(`GET ${urlOf('getabi', address)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
	await untilChannels(system, 1);
	socket.resetAndDestroy();
	await untilChannels(system, 0);
	held.release();
});

test('only so many wait at once; the others are to come again', async ({ system, narrow }) => {
	const [first, second] = [verified(system.emulator), verified(system.emulator)];
	const held = [first, second].map((address) => system.emulator.hold(1, address));
	await untilChannels(system, 0);
	const waiting = read(narrow, urlOf('getabi', first));
	await untilChannels(system, 1);
	expect(await read(narrow, urlOf('getabi', second))).toEqual(busy);
	for (const { release } of held) release();
	expect(await waiting).toMatchObject({ result: '[]' });
});

test('a server that stops answers those who wait', async ({ system, narrow }) => {
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await untilChannels(system, 0);
	const waiting = read(narrow, urlOf('getabi', address));
	await untilChannels(system, 1);
	expect(await narrow.stop()).toBe(0);
	expect(await waiting).toEqual(busy);
	held.release();
});
