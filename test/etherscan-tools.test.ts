import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loaders } from '@shazow/whatsabi';
import { blockExplorer } from '@wagmi/cli/plugins';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { fetchPackages, packageFile } from '../bench/emulator/packages.ts';
import { eas, randomAddress, verified, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { ServerProcess } from './harness/system.ts';

const test = systemTest({
	// Long enough for any machine: what is first asked for here has its answer once it is there.
	server: { ETHERSCAN_API_WAIT_MS: '50000' },
	worker: {},
}).extend('impatient', { scope: 'file' }, ({ system }) =>
	system.server({ ETHERSCAN_API_WAIT_MS: '1' }),
);

/** On Polygon in the emulator, and there alone. */
const polygonEas = '0x5E634ef5355f45A855d02D66eCD687b1502AF790';

interface StandardJson {
	sources: Record<string, { content: string }>;
}

async function filesOf(
	server: ServerProcess,
	chainId: number,
	address: string,
): Promise<[path: string, text: string][]> {
	const response = await fetch(`${server.url}/contracts/${chainId}/${address}/standard.json`);
	const { sources } = (await response.json()) as StandardJson;
	return Object.entries(sources).map(([path, { content }]) => [path, content]);
}

describe('whatsabi', () => {
	function loader(server: ServerProcess, chainId = 1) {
		const loading = new loaders.EtherscanABILoader({ apiKey: 'any' });
		loading.baseURL = `${server.url}/v2/api?chainid=${chainId}`;
		return loading;
	}

	test('loads an ABI', async ({ server }) => {
		const abi = await loader(server).loadABI(weth);
		expect(abi.map(({ name }) => name)).toContain('deposit');
	});

	test('loads a contract of one file, and of many', async ({ server }) => {
		for (const [chainId, address, name] of [
			[1, weth, 'WETH9'],
			[137, polygonEas, 'EAS'],
		] as const) {
			const contract = await loader(server, chainId).getContract(address);
			expect(contract).toMatchObject({ ok: true, name });
			const sources = await contract.getSources?.();
			const files = await filesOf(server, chainId, address);
			expect(sources?.map(({ content }) => content)).toEqual(files.map(([, text]) => text));
		}
	});

	test('loads from a base URL of V1', async ({ server }) => {
		const baseURL = `${server.url}/api`;
		const abi = await new loaders.EtherscanV1ABILoader({ baseURL }).loadABI(weth);
		expect(abi.map(({ name }) => name)).toContain('withdraw');
	});

	test('takes what nobody verified for not verified', async ({ server }) => {
		const address = randomAddress();
		expect(await loader(server).loadABI(address)).toEqual([]);
		expect(await loader(server).getContract(address)).toMatchObject({ ok: false, abi: [] });
	});

	test('never takes an upstream that fails for not verified', async ({
		system,
		server,
		impatient,
	}) => {
		const address = verified(system.emulator);
		const held = system.emulator.hold(1, address);
		const loading = loader(server);
		loading.baseURL = `${impatient.url}/v2/api`;
		await expect(loading.loadABI(address)).rejects.toThrow('rate limit reached');
		await expect(loading.getContract(address)).rejects.toThrow('rate limit reached');
		held.release();
	});
});

/** What is used of sol2uml, whose own types cannot be imported from where it lies. */
interface Parser {
	getSourceCode(address: string): Promise<{
		files: { filename: string; code: string }[];
		contractName: string;
	}>;
	getUmlClasses(address: string): Promise<{ umlClasses: { name: string }[] }>;
}

describe('sol2uml', () => {
	let EtherscanParser: new (apiKey: string, network: string, url: string) => Parser;

	beforeAll(async () => {
		// It depends on a browser that reading does not need; what it does need are dev dependencies of ours.
		await fetchPackages(['sol2uml@2.5.26'], 'a tool of the tests');
		const file = packageFile('sol2uml@2.5.26', 'lib/parserEtherscan.js');
		({ EtherscanParser } = createRequire(import.meta.url)(file));
	});

	const parser = (server: ServerProcess, chainId: number) =>
		new EtherscanParser('any', 'ethereum', `${server.url}/v2/api?chainid=${chainId}`);

	test('reads every file of many', async ({ server }) => {
		const { files, contractName } = await parser(server, 137).getSourceCode(polygonEas);
		expect(contractName).toBe('EAS');
		expect(files.map(({ filename, code }) => [filename, code])).toEqual(
			await filesOf(server, 137, polygonEas),
		);
	});

	test('reads one file', async ({ server }) => {
		const { files } = await parser(server, 1).getSourceCode(weth);
		expect(files).toEqual([{ filename: weth, code: (await filesOf(server, 1, weth))[0]?.[1] }]);
	});

	test('says that what nobody verified is not verified', async ({ server }) => {
		await expect(parser(server, 1).getSourceCode(randomAddress())).rejects.toThrow(
			'not been verified',
		);
	});

	test('asks again while a source is being fetched, and makes classes of it when it is there', async ({
		system,
		impatient,
	}) => {
		const address = verified(system.emulator, 'contract Late {}\n', 'Late');
		const held = system.emulator.hold(1, address);
		const reading = parser(impatient, 1).getUmlClasses(address);
		await held.arrived;
		held.release();
		expect((await reading).umlClasses.map(({ name }) => name)).toEqual(['Late']);
	});
});

describe('@wagmi/cli', () => {
	let home: string;

	beforeAll(async () => {
		// It keeps what it has read under the home folder.
		home = await mkdtemp(join(tmpdir(), 'verifeed-home-'));
		vi.stubEnv('HOME', home);
	});
	afterAll(async () => {
		vi.unstubAllEnvs();
		await rm(home, { recursive: true });
	});

	async function contracts(server: ServerProcess, chainId: number, address: string) {
		const contract = { name: 'Any', address: address as `0x${string}` };
		const baseUrl = `${server.url}/v2/api`;
		// It gives up after 5 seconds, which a busy machine may need for the first answer.
		await fetch(`${baseUrl}?chainid=${chainId}&module=contract&action=getabi&address=${address}`);
		const plugin = blockExplorer({ baseUrl, chainId: chainId as 1, contracts: [contract] });
		return plugin.contracts?.();
	}

	test.for<[string, number, string]>([
		['Ethereum', 1, eas],
		['Polygon', 137, polygonEas],
	])('has the ABI of a contract on %s', async ([_, chainId, address], { server }) => {
		const [contract] = (await contracts(server, chainId, address)) ?? [];
		const names = contract?.abi.map((part) => 'name' in part && part.name);
		expect(names).toContain('attest');
	});

	test('says that what nobody verified is not verified', async ({ server }) => {
		await expect(contracts(server, 1, randomAddress())).rejects.toThrow(
			'Contract source code not verified',
		);
	});
});
