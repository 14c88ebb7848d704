import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { Chain } from '../domain/chain.ts';
import { createChainLists } from '../platform/mysql/chain-lists.ts';
import { openMySql } from '../platform/mysql/connection.ts';
import { ask } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { LogLine, RunningProcess } from './harness/process.ts';
import type { ServerProcess, System } from './harness/system.ts';

const test = systemTest();

const started: RunningProcess[] = [];
// One that is left over would take the turn of the next test's workers.
test.afterEach(async ({ system }) => {
	await Promise.all(started.splice(0).map((running) => running.stop()));
	await system.database.query('delete from chain_lists');
});

async function startServer(system: System, env: Record<string, string>): Promise<ServerProcess> {
	const server = await system.server(env);
	started.push(server);
	return server;
}

async function startWorker(system: System, env: Record<string, string>): Promise<RunningProcess> {
	const worker = await system.worker(env);
	started.push(worker);
	return worker;
}

/** A host that answers `/v2/chainlist` with what the test says, once the test lets it. */
async function listHost(first: string) {
	const state = { body: first, calls: 0, open: Promise.resolve() };
	const asked = Promise.withResolvers<void>();
	const server = createServer(async (request, response) => {
		if (request.url === '/v2/chainlist') state.calls += 1;
		asked.resolve();
		await state.open;
		response.end(request.url === '/v2/chainlist' ? state.body : '');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return Object.assign(state, {
		asked: asked.promise,
		env: { ETHERSCAN_URL: `http://127.0.0.1:${port}/v2/api`, CHAINS_REFRESH_MS: '200' },
		async [Symbol.asyncDispose]() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	});
}

function row(chainid: string, chainname: string, status = 1) {
	return { chainid, chainname, blockexplorer: `https://${chainid}.example/`, status, comment: '' };
}

function listOf(...result: unknown[]): string {
	return JSON.stringify({ comments: '', totalcount: result.length, result });
}

const live = listOf(
	row('11155111', 'Sepolia Testnet'),
	row('424242', 'Nova Testnet'),
	row('1', 'Ethereum Mainnet'),
	row('434343', 'Sleeping', 0),
);

const taken = (from: string) => (line: LogLine) =>
	line.message === 'chain list taken' && line['from'] === from;
const failed = (line: LogLine) => line.message === 'chain list failed';

async function chainsOf(url: string): Promise<Chain[]> {
	const { data } = await ask<{ chains: Chain[] }>(url, '{ chains { id name explorerUrl } }');
	return data.chains;
}

const submit = `mutation ($address: Address!, $chainId: Int!) {
	submitContract(address: $address, chainId: $chainId) { status chainId }
}`;

test('a chain of the live list is served, and one that only the bundled list has stays', async ({
	system,
}) => {
	await using host = await listHost(live);
	const server = await startServer(system, host.env);
	const bundled = await chainsOf(server.url);
	expect(bundled[0]).toMatchObject({ id: 1, name: 'Ethereum' });
	expect(bundled).not.toContainEqual(expect.objectContaining({ id: 424242 }));
	await startWorker(system, host.env);
	await server.logged(taken('database'));
	const chains = await chainsOf(server.url);
	expect(chains[0]).toEqual({ id: 1, name: 'Ethereum Mainnet', explorerUrl: 'https://1.example' });
	expect(chains.map(({ id }) => id)).toEqual(chains.map(({ id }) => id).sort((a, b) => a - b));
	expect(chains).toHaveLength(bundled.length + 2);
	for (const [id, name] of [
		[424242, 'Nova Testnet'],
		[434343, 'Sleeping'],
		[534352, 'Scroll'],
	]) {
		expect(chains).toContainEqual(expect.objectContaining({ id, name }));
	}
	const variables = { address: randomAddress(), chainId: 424242 };
	const submitted = await ask(server.url, submit, variables);
	expect(submitted).toEqual({ data: { submitContract: { status: 'CREATED', chainId: 424242 } } });
});

test('an unknown chain is refused with the nearest ones, wherever it is named', async ({
	system,
}) => {
	await using host = await listHost(live);
	const starting = [startServer(system, host.env), startWorker(system, host.env)] as const;
	const [server] = await Promise.all(starting);
	await server.logged(taken('database'));
	const address = randomAddress();
	const { errors } = await ask(server.url, submit, { address, chainId: 11155112 });
	expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
	expect(errors?.[0]?.message).toMatch(
		/^Chain 11155112 is not served here; the nearest are 11155111 \(Sepolia Testnet\), \d+ \(.+\), \d+ \(.+\)\. Ask for \{ chains \{ id name \} \} to see all\.$/,
	);
	const read = `{ contract(address: "${address}", chainId: 424224) { status } }`;
	expect((await ask(server.url, read)).errors?.[0]?.message).toContain('424242 (Nova Testnet)');
	const download = await fetch(`${server.url}/contracts/424224/${address}/files`);
	expect(download.status).toBe(400);
	expect(await download.text()).toContain('424242 (Nova Testnet)');
	const rows = await system.database.query('select * from contracts where address = ?', [
		Buffer.from(address.slice(2), 'hex'),
	]);
	expect(rows).toEqual([]);
});

test('the last good list outlives garbage, and a restart without its host', async ({ system }) => {
	const host = await listHost(live);
	const worker = await startWorker(system, host.env);
	await worker.logged(taken('upstream'));
	for (const [body, reason] of [
		['<html>Just a moment...</html>', 'another form'],
		[live.slice(0, -20), 'another form'],
		['{"status":"0","message":"NOTOK","result":"Max rate limit reached"}', 'another form'],
		[listOf(row('1', 'Ethereum Mainnet')), 'less than half'],
	] as const) {
		host.body = body;
		await worker.logged((line) => failed(line) && JSON.stringify(line).includes(reason));
	}
	await host[Symbol.asyncDispose]();
	await worker.logged((line) => failed(line) && JSON.stringify(line).includes('refused'));
	const server = await startServer(system, host.env);
	const chains = await chainsOf(server.url);
	expect(chains).toContainEqual(expect.objectContaining({ id: 424242, name: 'Nova Testnet' }));
});

test('two workers ask once between them', async ({ system }) => {
	await using host = await listHost(live);
	const gate = Promise.withResolvers<void>();
	host.open = gate.promise;
	const env = { ...host.env, CHAINS_REFRESH_MS: '3600000' };
	const workers = await Promise.all([startWorker(system, env), startWorker(system, env)]);
	gate.resolve();
	await Promise.race(workers.map((worker) => worker.logged(taken('upstream'))));
	for (const worker of workers) expect(await worker.stop()).toBe(0);
	expect(host.calls).toBe(1);
});

test('of many who look at once, one is to ask, and another only when the time has come', async ({
	system,
}) => {
	const mysql = openMySql(system.database.url, { connections: 10, timeoutMs: 15_000 });
	const lists = createChainLists(mysql.database);
	const turns = async (times: { every: number; again: number }) => {
		const asked = await Promise.all(Array.from({ length: 20 }, () => lists.take('a.host', times)));
		return asked.filter(Boolean).length;
	};
	const hour = 3_600_000;
	expect(await turns({ every: hour, again: hour / 2 })).toBe(1);
	expect(await lists.read('a.host')).toBeNull();
	expect(await turns({ every: hour, again: hour / 2 })).toBe(0);
	await lists.save('a.host', [{ id: 1, name: 'Ethereum', explorerUrl: null }]);
	expect(await lists.read('a.host')).toHaveLength(1);
	const age = 'update chain_lists set fetched_at = fetched_at - interval 2 hour';
	await system.database.query(age);
	expect(await turns({ every: 3 * hour, again: hour })).toBe(0);
	expect(await turns({ every: hour, again: hour / 2 })).toBe(1);
	expect(await lists.read('a.host')).toHaveLength(1);
	await mysql.close();
});

test('without Etherscan among the sources the bundled list is served, and nobody is asked', async ({
	system,
}) => {
	await using host = await listHost(live);
	const env = { ...host.env, SOURCES: 'sourcify' };
	const starting = [startServer(system, env), startWorker(system, env)] as const;
	const [server, worker] = await Promise.all(starting);
	expect((await chainsOf(server.url))[0]).toMatchObject({ id: 1, name: 'Ethereum' });
	expect(await worker.stop()).toBe(0);
	expect(host.calls).toBe(0);
	expect(await system.database.query('select * from chain_lists')).toEqual([]);
});

test('the bundled list is served while the database is away', async ({ system }) => {
	const server = await startServer(system, { MYSQL_URL: 'mysql://nobody@127.0.0.1:1/none' });
	await server.logged((line) => failed(line) && line['from'] === 'database');
	expect((await chainsOf(server.url))[0]).toMatchObject({ id: 1, name: 'Ethereum' });
});

test('a worker that waits for the list stops at once', async ({ system }) => {
	await using host = await listHost(live);
	host.open = new Promise(() => {});
	const worker = await startWorker(system, host.env);
	await host.asked;
	expect(await worker.stop()).toBe(0);
	expect(worker.lines.filter(failed)).toEqual([]);
});
