import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loaders } from '@shazow/whatsabi';
import { blockExplorer } from '@wagmi/cli/plugins';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fetchPackages, packageFile } from '../bench/emulator/packages.ts';
import { eas, randomAddress, verified, weth } from './harness/contracts.ts';
import { openSystem, type ServerProcess, type System } from './harness/system.ts';

let system: System;
let server: ServerProcess;
let impatient: ServerProcess;

beforeAll(async () => {
	system = await openSystem();
	// Long enough for any machine: what is first asked for here has its answer once it is there.
	server = await system.server({ ETHERSCAN_API_WAIT_MS: '50000' });
	impatient = await system.server({ ETHERSCAN_API_WAIT_MS: '1' });
	await system.worker();
});
afterAll(() => system[Symbol.asyncDispose]());

/** On Polygon in the emulator, and there alone. */
const polygonEas = '0x5E634ef5355f45A855d02D66eCD687b1502AF790';

interface StandardJson {
	sources: Record<string, { content: string }>;
}

async function filesOf(chainId: number, address: string): Promise<[path: string, text: string][]> {
	const response = await fetch(`${server.url}/contracts/${chainId}/${address}/standard.json`);
	const { sources } = (await response.json()) as StandardJson;
	return Object.entries(sources).map(([path, { content }]) => [path, content]);
}

describe('whatsabi', () => {
	function loader(chainId = 1) {
		const loading = new loaders.EtherscanABILoader({ apiKey: 'any' });
		loading.baseURL = `${server.url}/v2/api?chainid=${chainId}`;
		return loading;
	}

	test('loads an ABI', async () => {
		const abi = await loader().loadABI(weth);
		expect(abi.map(({ name }) => name)).toContain('deposit');
	});

	test('loads a contract of one file, and of many', async () => {
		for (const [chainId, address, name] of [
			[1, weth, 'WETH9'],
			[137, polygonEas, 'EAS'],
		] as const) {
			const contract = await loader(chainId).getContract(address);
			expect(contract).toMatchObject({ ok: true, name });
			const sources = await contract.getSources?.();
			const files = await filesOf(chainId, address);
			expect(sources?.map(({ content }) => content)).toEqual(files.map(([, text]) => text));
		}
	});

	test('loads from a base URL of V1', async () => {
		const baseURL = `${server.url}/api`;
		const abi = await new loaders.EtherscanV1ABILoader({ baseURL }).loadABI(weth);
		expect(abi.map(({ name }) => name)).toContain('withdraw');
	});

	test('takes what nobody verified for not verified', async () => {
		const address = randomAddress();
		expect(await loader().loadABI(address)).toEqual([]);
		expect(await loader().getContract(address)).toMatchObject({ ok: false, abi: [] });
	});

	test('never takes an upstream that fails for not verified', async () => {
		const address = verified(system.emulator);
		const held = system.emulator.hold(1, address);
		const loading = loader();
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

	const parser = (chainId: number, url = server.url) =>
		new EtherscanParser('any', 'ethereum', `${url}/v2/api?chainid=${chainId}`);

	test('reads every file of many', async () => {
		const { files, contractName } = await parser(137).getSourceCode(polygonEas);
		expect(contractName).toBe('EAS');
		expect(files.map(({ filename, code }) => [filename, code])).toEqual(
			await filesOf(137, polygonEas),
		);
	});

	test('reads one file', async () => {
		const { files } = await parser(1).getSourceCode(weth);
		expect(files).toEqual([{ filename: weth, code: (await filesOf(1, weth))[0]?.[1] }]);
	});

	test('says that what nobody verified is not verified', async () => {
		await expect(parser(1).getSourceCode(randomAddress())).rejects.toThrow('not been verified');
	});

	test('asks again while a source is being fetched, and makes classes of it when it is there', async () => {
		const address = verified(system.emulator, 'contract Late {}\n', 'Late');
		const held = system.emulator.hold(1, address);
		const reading = parser(1, impatient.url).getUmlClasses(address);
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

	async function contracts(chainId: number, address: string) {
		const contract = { name: 'Any', address: address as `0x${string}` };
		const baseUrl = `${server.url}/v2/api`;
		// It gives up after 5 seconds, which a busy machine may need for the first answer.
		await fetch(`${baseUrl}?chainid=${chainId}&module=contract&action=getabi&address=${address}`);
		const plugin = blockExplorer({ baseUrl, chainId: chainId as 1, contracts: [contract] });
		return plugin.contracts?.();
	}

	test.each([
		['Ethereum', 1, eas],
		['Polygon', 137, polygonEas],
	])('has the ABI of a contract on %s', async (_, chainId, address) => {
		const [contract] = (await contracts(chainId, address)) ?? [];
		const names = contract?.abi.map((part) => 'name' in part && part.name);
		expect(names).toContain('attest');
	});

	test('says that what nobody verified is not verified', async () => {
		await expect(contracts(1, randomAddress())).rejects.toThrow(
			'Contract source code not verified',
		);
	});
});
