import { describe, expect } from 'vitest';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress, verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { openSystem, type ServerProcess, type System } from './harness/system.ts';

const order = { SOURCES: 'etherscan,sourcify,blockscout', BLOCKSCOUT_API_KEY: 'BLOCKSCOUTKEY01' };

const test = systemTest({ worker: { ...order, BREAKER_FAILURES: '1000' } });

const submit = `mutation ($address: Address!, $refresh: Boolean! = false) {
	submitContract(address: $address, refresh: $refresh) { status version error { code } }
}`;
const read = `query ($address: Address!) {
	contract(address: $address) { status attempts source { provider origin name match language } }
}`;

interface Submitted {
	submitContract: { status: string; version: number; error: { code: string } | null };
}
interface Read {
	contract: { status: string; attempts: number; source: Record<string, unknown> | null };
}

async function finish(
	server: ServerProcess,
	address: string,
	variables: Record<string, unknown> = {},
) {
	const answer = await ask<Submitted>(server.url, submit, { address, ...variables });
	const { version } = answer.data.submitContract;
	const events = await all(
		watch('ws', server.url, watchOne, { address, afterVersion: version - 1 }),
	);
	return events;
}

async function creationOf(server: ServerProcess, address: string): Promise<unknown> {
	const query = `module=contract&action=getcontractcreation&contractaddresses=${address}`;
	return (await fetch(`${server.url}/v2/api?chainid=1&${query}`)).json();
}

const sourcify = (system: System, address: string, name = 'S', more: object = {}) =>
	system.emulator.sourcify.put(1, address, {
		...more,
		match: 'exact_match',
		stdJsonInput: {
			language: 'Solidity',
			sources: { 'src/S.sol': { content: `contract ${name} {}\n` } },
			settings: {},
		},
		compilation: {
			language: 'Solidity',
			compiler: 'solc',
			compilerVersion: '0.8.9+commit.e5eed63a',
			compilerSettings: {},
			name,
			fullyQualifiedName: `src/S.sol:${name}`,
		},
		abi: [],
	});

describe('upstreams are asked in their order', () => {
	test('and who has the source is stored with it', async ({ system, server }) => {
		const address = randomAddress();
		const transactionHash = `0x${'ab'.repeat(32)}`;
		const deployment = { transactionHash, blockNumber: '17', deployer: address };
		sourcify(system, address, 'S', { deployment: { ...deployment, transactionIndex: '1' } });
		expect((await finish(server, address)).at(-1)?.status).toBe('SUCCESS');
		const row = { contractAddress: address, contractCreator: address, txHash: transactionHash };
		expect(await creationOf(server, address)).toEqual({
			...{ status: '1', message: 'OK', result: [{ ...row, blockNumber: '17' }] },
		});
		const { data } = await ask<Read>(server.url, read, { address });
		expect(data.contract.source).toEqual({
			provider: 'SOURCIFY',
			origin: new URL(system.emulator.sourcify.url).host,
			name: 'S',
			match: 'EXACT',
			language: 'Solidity',
		});
		expect(system.emulator.calls(1, address)).toBe(1);
		expect(system.emulator.blockscout.calls(1, address)).toBe(0);
	});

	test('to the last of them', async ({ system, server }) => {
		const address = randomAddress();
		system.emulator.blockscout.put(1, address, { name: 'B', source_code: 'contract B {}\n' });
		expect((await finish(server, address)).at(-1)?.status).toBe('SUCCESS');
		expect(await creationOf(server, address)).toMatchObject({ message: 'No data found' });
		expect(await creationOf(server, `${address},0x12`)).toMatchObject({ message: 'NOTOK' });
		const { data } = await ask<Read>(server.url, read, { address });
		expect(data.contract.source).toMatchObject({ provider: 'BLOCKSCOUT', name: 'B' });
	});

	test('and one that fails does not keep the next from answering, in the same attempt', async ({
		system,
		server,
	}) => {
		const address = randomAddress();
		system.emulator.inject(1, address, 'http-502');
		sourcify(system, address);
		expect((await finish(server, address)).at(-1)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
	});

	test('and only where all of them say so is it not verified', async ({ system, server }) => {
		const address = randomAddress();
		const events = await finish(server, address);
		expect(events.at(-1)).toMatchObject({ status: 'ERROR', error: { code: 'NOT_VERIFIED' } });
		for (const api of [system.emulator, system.emulator.sourcify, system.emulator.blockscout]) {
			expect(api.calls(1, address)).toBe(1);
		}
	});

	test('and while one of them is down it may still have it: it alone is asked again', async ({
		system,
		server,
	}) => {
		const address = randomAddress();
		system.emulator.sourcify.inject(1, address, ['http-503', 'reset', 'html-200']);
		sourcify(system, address);
		const events = await finish(server, address);
		expect(events.at(-1)).toMatchObject({ status: 'SUCCESS', attempt: 4 });
		expect(events.flatMap(({ error }) => error?.code ?? [])).toEqual([
			'UPSTREAM_UNAVAILABLE',
			'UPSTREAM_UNAVAILABLE',
			'UPSTREAM_UNAVAILABLE',
		]);
		expect(system.emulator.calls(1, address)).toBe(1);
		expect(system.emulator.blockscout.calls(1, address)).toBe(1);
		expect(system.emulator.sourcify.calls(1, address)).toBe(4);
	});
});

describe('"not verified"', () => {
	test('is answered again without a call while it is fresh', async ({ system, server }) => {
		const address = randomAddress();
		await finish(server, address);
		const calls = system.emulator.total;
		const { data } = await ask<Submitted>(server.url, submit, { address });
		expect(data.submitContract).toMatchObject({
			status: 'ERROR',
			version: 3,
			error: { code: 'NOT_VERIFIED' },
		});
		expect(system.emulator.total).toBe(calls);
	});

	test('is looked up again with refresh', async ({ system, server }) => {
		const address = randomAddress();
		await finish(server, address);
		sourcify(system, address);
		const events = await finish(server, address, { refresh: true });
		expect(events.map(({ version, status }) => `${version} ${status}`)).toEqual([
			'4 CREATED',
			'5 PROCESS',
			'6 SUCCESS',
		]);
	});

	test('is looked up again once its time is over', async ({ system, server }) => {
		const other = await system.server({ NOT_VERIFIED_MS: '1' });
		const address = randomAddress();
		await finish(server, address);
		sourcify(system, address);
		const { data } = await ask<Submitted>(other.url, submit, { address });
		expect(data.submitContract.status).toBe('CREATED');
		await other.stop();
	});
});

test('a redirect is an answer, and is never followed', async ({ system, server }) => {
	const address = randomAddress();
	system.emulator.sourcify.inject(1, address, 'redirect');
	sourcify(system, address);
	const events = await finish(server, address);
	expect(events.find(({ error }) => error)?.error?.message).toContain('redirect');
	expect(events.at(-1)?.status).toBe('SUCCESS');
});

test('while the quota is spent a download waits for its reset, and nothing is begun', async () => {
	await using own = await openSystem();
	const ownServer = await own.server();
	const poor = await own.worker({ SOURCES: 'etherscan', RETRY_MAX_MS: '500' });
	const [spent, waiting] = [verified(own.emulator), verified(own.emulator)];
	own.emulator.inject(1, spent, 'daily-quota');
	const untilQuota = async (address: string) => {
		await ask(ownServer.url, submit, { address });
		const events = watch('ws', ownServer.url, watchOne, { address, afterVersion: 0 });
		for await (const event of events) {
			if (event.error) {
				await events.leave();
				return event;
			}
		}
		throw new Error('no event names the quota');
	};
	expect(await untilQuota(spent)).toMatchObject({ attempt: 1, error: { code: 'QUOTA_EXHAUSTED' } });
	const event = await untilQuota(waiting);
	expect(event).toMatchObject({
		version: 2,
		status: 'PROCESS',
		attempt: 0,
		error: { code: 'QUOTA_EXHAUSTED', retryable: true },
	});
	const waits = Date.parse(event.nextAttemptAt ?? '') - Date.parse(event.at);
	expect(waits).toBeGreaterThan(50_000);
	expect(own.emulator.calls(1, waiting)).toBe(0);
	// With another account the wait is over before its time, and nothing was reported twice meanwhile.
	await poor.stop();
	await own.worker({
		SOURCES: 'etherscan',
		RETRY_MAX_MS: '500',
		ETHERSCAN_API_KEYS: 'other:KEY2KEY2',
	});
	const rest = await all(
		watch('ws', ownServer.url, watchOne, { address: waiting, afterVersion: 2 }),
	);
	expect(rest.map(({ version, status, attempt }) => `${version} ${status} ${attempt}`)).toEqual([
		'3 PROCESS 1',
		'4 SUCCESS 1',
	]);
});
