import { applyPatch } from 'diff';
import { describe, expect } from 'vitest';
import { checksummed } from '../domain/address.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { ServerProcess, System } from './harness/system.ts';

const test = systemTest({ worker: { MAX_ATTEMPTS: '1', LEASE_MS: '60000' } });

type Files = Record<string, string>;

function put(system: System, address: string, files: Files, runs = 200): void {
	const sources = Object.fromEntries(Object.entries(files).map(([k, content]) => [k, { content }]));
	const settings = { optimizer: { enabled: true, runs } };
	system.emulator.put(1, address, {
		SourceCode: `{${JSON.stringify({ language: 'Solidity', sources, settings })}}`,
		ContractName: 'T',
		CompilerVersion: 'v0.8.9+commit.e5eed63a',
		ABI: '[]',
	});
}

/** Submits, with refresh, and resolves to the last event of this download. */
async function refresh(server: ServerProcess, address: string) {
	const submit = `mutation ($address: Address!) { submitContract(address: $address, refresh: true) { version } }`;
	const answer = await ask<{ submitContract: { version: number } }>(server.url, submit, {
		address,
	});
	const afterVersion = answer.data.submitContract.version;
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion }));
	return events.at(-1);
}

interface Source {
	hash: string;
	zipUrl: string;
	fetchedAt: string;
	provider: string;
	files: { path: string; content: string }[];
}

interface Contract {
	status: string;
	source: Source | null;
	sources: Source[];
}

const fields = `status
	source { hash zipUrl fetchedAt provider files { path content } }
	sources { hash zipUrl fetchedAt provider files { path content } }`;

async function read(
	server: ServerProcess,
	address: string,
	query: 'contract' | 'cachedContract' = 'contract',
) {
	const text = `query ($address: Address!) { ${query}(address: $address) { ${fields} } }`;
	const answer = await ask<Record<string, Contract>>(server.url, text, { address });
	const contract = answer.data[query];
	if (!contract) throw new Error(JSON.stringify(answer));
	return contract;
}

interface Diff {
	from: { hash: string };
	to: { hash: string };
	files: { path: string; change: string; patch: string | null }[];
	settings: string | null;
}

async function diff(
	server: ServerProcess,
	address: string,
	hashes: { from?: string; to?: string } = {},
) {
	const query = `query ($address: Address!, $from: String, $to: String) {
		contract(address: $address) { sourceDiff(from: $from, to: $to) {
			from { hash } to { hash } files { path change patch } settings
		} }
	}`;
	const variables = { address, ...hashes };
	return ask<{ contract: { sourceDiff: Diff | null } }>(server.url, query, variables);
}

async function body(server: ServerProcess, url: string) {
	const response = await fetch(server.url + url);
	return {
		status: response.status,
		text: await response.text(),
		etag: response.headers.get('etag'),
	};
}

const first: Files = { 'a.sol': 'contract T {}\r\n', 'gone.sol': 'x', ['__proto__']: 'old\n' };
const second: Files = {
	'a.sol': 'contract T {\r\n}\r\n',
	'new.sol': '\ud800\n',
	['__proto__']: 'new\n',
};

describe('a contract whose source changed', () => {
	const address = checksummed(randomAddress());
	let contract: Contract;

	test.beforeAll(async ({ system, server }) => {
		put(system, address, first);
		await refresh(server, address);
		put(system, address, second, 999);
		await refresh(server, address);
		contract = await read(server, address);
	});

	test('has both sources, newest first, with all that a source has', async () => {
		expect(contract.sources).toHaveLength(2);
		expect(contract.sources[0]).toEqual(contract.source);
		for (const [place, files] of [second, first].entries()) {
			const expected = Object.entries(files).map(([path, content]) => ({ path, content }));
			expect(contract.sources[place]?.files).toEqual(
				expected.sort((a, b) => (a.path < b.path ? -1 : 1)),
			);
			expect(contract.sources[place]?.provider).toBe('ETHERSCAN');
		}
	});

	test('has them through the cache, and in a list', async ({ server }) => {
		expect((await read(server, address, 'cachedContract')).sources).toEqual(contract.sources);
		expect((await read(server, address, 'cachedContract')).sources).toEqual(contract.sources);
		const query = '{ contracts { edges { node { address sources { hash } } } } }';
		interface Listed {
			contracts: { edges: { node: { address: string; sources: { hash: string }[] } }[] };
		}
		const { data } = await ask<Listed>(server.url, query);
		const node = data.contracts.edges.find((edge) => edge.node.address === address)?.node;
		expect(node?.sources).toEqual(contract.sources.map(({ hash }) => ({ hash })));
	});

	test('has a zip of each: the newest at the plain path, the older one by its hash', async ({
		server,
	}) => {
		const [newer, older] = contract.sources;
		const base = `/contracts/1/${address.toLowerCase()}`;
		expect(newer?.zipUrl).toBe(`${base}/source.zip`);
		expect(older?.zipUrl).toBe(`${base}/source.zip?hash=${older?.hash}`);
		const [newZip, oldZip] = [
			await body(server, newer?.zipUrl ?? ''),
			await body(server, older?.zipUrl ?? ''),
		];
		expect(newZip.etag).toBe(`"${newer?.hash}"`);
		expect(oldZip.etag).toBe(`"${older?.hash}"`);
		expect(oldZip.text).toContain('gone.sol');
		expect(newZip.text).not.toContain('gone.sol');
		const list = JSON.parse((await body(server, `${base}/files?hash=${older?.hash}`)).text);
		for (const { path, url } of list) expect((await body(server, url)).text).toBe(first[path]);
	});

	test('shows how they differ, and the patches make the new files of the old ones', async ({
		server,
	}) => {
		const { sourceDiff } = (await diff(server, address)).data.contract;
		const [newer, older] = contract.sources;
		expect([sourceDiff?.from.hash, sourceDiff?.to.hash]).toEqual([older?.hash, newer?.hash]);
		expect(sourceDiff?.files.map(({ path, change }) => [path, change])).toEqual([
			['__proto__', 'CHANGED'],
			['a.sol', 'CHANGED'],
			['gone.sol', 'REMOVED'],
			['new.sol', 'ADDED'],
		]);
		for (const { path, patch } of sourceDiff?.files ?? []) {
			const old = Object.hasOwn(first, path) ? (first[path] ?? '') : '';
			const made = applyPatch(old, patch ?? 'none', { autoConvertLineEndings: false });
			expect(made).toBe(Object.hasOwn(second, path) ? second[path] : '');
		}
		expect(sourceDiff?.settings).toContain('-      "runs": 200\n+      "runs": 999\n');
	});

	test('shows it in either direction, and of one with itself nothing', async ({ server }) => {
		const [newer, older] = contract.sources.map(({ hash }) => hash);
		const back = await diff(server, address, { from: newer ?? '', to: older ?? '' });
		expect(back.data.contract.sourceDiff?.files.find(({ path }) => path === 'gone.sol')).toEqual({
			path: 'gone.sol',
			change: 'ADDED',
			patch: expect.stringContaining('+x'),
		});
		const same = await diff(server, address, { from: newer ?? '' });
		expect(same.data.contract.sourceDiff).toMatchObject({ files: [], settings: null });
		const oldest = await diff(server, address, { to: older ?? '' });
		expect(oldest.data.contract.sourceDiff).toBeNull();
	});

	test('refuses a hash it does not have, and says which it has', async ({ server }) => {
		for (const hashes of [{ from: 'ab'.repeat(32) }, { to: '__proto__' }]) {
			const { errors } = await diff(server, address, hashes);
			expect(errors?.[0]).toMatchObject({
				extensions: { code: 'BAD_USER_INPUT' },
				message: expect.stringContaining(contract.sources.map(({ hash }) => hash).join(', ')),
			});
		}
	});

	test('is counted: sources and their bytes are within the limits of one operation', async ({
		system,
	}) => {
		const strict = await system.server({ MAX_QUERY_ITEMS: '1', MAX_QUERY_SOURCE_BYTES: '10' });
		const queries = ['sources { hash }', 'sourceDiff { to { hash } }', 'sourceDiff { settings }'];
		for (const selection of queries) {
			const answer = await ask(strict.url, `{ contract(address: "${address}") { ${selection} } }`);
			expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
		}
		await strict.stop();
	});
});

test('a refresh that brings the same source moves its time and adds nothing', async ({
	system,
	server,
}) => {
	const address = randomAddress();
	put(system, address, first);
	await refresh(server, address);
	const before = await read(server, address);
	await refresh(server, address);
	const after = await read(server, address);
	expect(after.sources).toHaveLength(1);
	expect(after.sources[0]).toEqual({ ...before.source, fetchedAt: expect.any(String) });
	expect(after.source?.fetchedAt).not.toBe(before.source?.fetchedAt);
	expect((await diff(server, address)).data.contract.sourceDiff).toBeNull();
	const named = { from: after.source?.hash ?? '' };
	expect((await diff(server, address, named)).data.contract.sourceDiff).toBeNull();
});

test('a source that comes back is the first again', async ({ system, server }) => {
	const address = randomAddress();
	for (const files of [first, second, first]) {
		put(system, address, files);
		await refresh(server, address);
	}
	const { source, sources } = await read(server, address);
	expect(sources.map(({ files }) => files.length)).toEqual([3, 3]);
	expect(sources[0]).toEqual(source);
	expect(sources[0]?.files.map(({ path }) => path)).toContain('gone.sol');
	expect(sources[1]?.files.map(({ path }) => path)).toContain('new.sol');
	expect((await diff(server, address)).data.contract.sourceDiff?.to.hash).toBe(source?.hash);
});

test('a contract without source has no sources and no difference', async ({ server }) => {
	const address = randomAddress();
	expect((await refresh(server, address))?.status).toBe('ERROR');
	expect((await read(server, address)).sources).toEqual([]);
	expect((await diff(server, address)).data.contract.sourceDiff).toBeNull();
	expect((await diff(server, address, { to: 'ab' })).errors?.[0]?.message).toContain(
		'it has none yet',
	);
});

describe('the old source is served', () => {
	async function expectOld(server: ServerProcess, address: string, status: string) {
		for (const query of ['contract', 'cachedContract', 'cachedContract'] as const) {
			const contract = await read(server, address, query);
			expect(contract.status).toBe(status);
			expect(contract.source?.files.map(({ path }) => path)).toContain('gone.sol');
			expect(contract.sources).toHaveLength(1);
		}
		const base = `/contracts/1/${address}`;
		expect((await body(server, `${base}/source.zip`)).text).toContain('gone.sol');
		expect((await body(server, `${base}/standard.json`)).text).toContain('gone.sol');
		expect((await body(server, `${base}/files`)).text).toContain('gone.sol');
		expect((await body(server, `${base}/files/gone.sol`)).text).toBe('x');
	}

	test('while a refresh runs, until the new one is there', async ({ system, server }) => {
		const address = randomAddress();
		put(system, address, first);
		await refresh(server, address);
		put(system, address, second);
		const held = system.emulator.hold(1, address);
		const refreshed = refresh(server, address);
		await held.arrived;
		await expectOld(server, address, 'PROCESS');
		held.release();
		expect((await refreshed)?.status).toBe('SUCCESS');
		for (const query of ['contract', 'cachedContract'] as const) {
			const contract = await read(server, address, query);
			expect(contract.source?.files.map(({ path }) => path)).toContain('new.sol');
			expect(contract.sources).toHaveLength(2);
		}
	});

	test('when a refresh fails', async ({ system, server }) => {
		const address = randomAddress();
		put(system, address, first);
		await refresh(server, address);
		system.emulator.inject(1, address, 'http-500');
		expect((await refresh(server, address))?.status).toBe('ERROR');
		await expectOld(server, address, 'ERROR');
	});
});
