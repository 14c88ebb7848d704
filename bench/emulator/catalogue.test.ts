import { expect, test } from 'vitest';
import { type EtherscanItem, unverifiedItem } from '../../sources/etherscan/format.ts';
import { type CatalogueEntry, contractKey, readCatalogue, type Shape } from './catalogue.ts';
import { isSupportedChain } from './chains.ts';
import { toItem } from './etherscan/item.ts';
import { loadContract } from './load.ts';

const entries = readCatalogue();
const named = entries.map((entry) => [`${entry.name} on ${entry.chainId}`, entry] as const);

/** The files that an item holds, read back from the text as a client has to. */
function unpack(shape: Shape, item: EtherscanItem): Map<string, string> {
	if (shape === 'plain') return new Map([['', item.SourceCode]]);
	const text = shape === 'standard' ? item.SourceCode.slice(1, -1) : item.SourceCode;
	const parsed = JSON.parse(text) as Record<string, unknown>;
	const sources = (shape === 'standard' ? parsed['sources'] : parsed) as Record<
		string,
		{ content: string }
	>;
	return new Map(Object.entries(sources).map(([path, { content }]) => [path, content]));
}

async function itemOf(entry: CatalogueEntry): Promise<EtherscanItem> {
	return toItem(entry, await loadContract(entry));
}

test.each(named)('%s is served in its shape and size', async (_, entry) => {
	const item = await itemOf(entry);
	const files = unpack(entry.shape, item);
	const bytes = [...files.values()].map((content) => Buffer.byteLength(content));
	expect(files.size).toBe(entry.files);
	expect(bytes.reduce((sum, size) => sum + size, 0)).toBe(entry.bytes);
	const own = files.get(entry.shape === 'plain' ? '' : entry.entry) ?? '';
	expect(new RegExp(`\\b(contract|library) ${entry.name}\\b`).test(own)).toBe(true);
	expect(item.SourceCode.startsWith('{{\r\n')).toBe(entry.shape === 'standard');
	expect(item.SourceCode.startsWith('{')).toBe(entry.shape !== 'plain');
});

test.each(named)('%s has every field as a string, and an interface', async (_, entry) => {
	const item = await itemOf(entry);
	expect(Object.keys(item)).toEqual(Object.keys(unverifiedItem));
	expect(Object.values(item).every((value) => typeof value === 'string')).toBe(true);
	expect((JSON.parse(item.ABI) as unknown[]).length).toBeGreaterThan(0);
	expect(item.CompilerVersion).toMatch(/^v\d+\.\d+\.\d+\+commit\.[0-9a-f]{8}$/);
	expect(item.ConstructorArguments).toMatch(/^([0-9a-f]{64})*$/);
	expect(item.SwarmSource).toMatch(/^(ipfs:\/\/[0-9a-f]{64})?$/);
	expect(item.Proxy).toBe(entry.proxy ? '1' : '0');
});

test('each shape has several contracts', () => {
	const counts = { plain: 0, standard: 0, multi: 0 };
	for (const entry of entries) counts[entry.shape] += 1;
	expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(3);
});

test('no contract stands there twice, and every chain is served', () => {
	const keys = new Set(entries.map((entry) => contractKey(entry.chainId, entry.address)));
	expect(keys.size).toBe(entries.length);
	expect(entries.filter((entry) => !isSupportedChain(String(entry.chainId)))).toEqual([]);
	expect(new Set(entries.map((entry) => entry.chainId)).size).toBeGreaterThan(5);
});

test('the implementations that proxies name are verified too', () => {
	const keys = new Set(entries.map((entry) => contractKey(entry.chainId, entry.address)));
	const proxies = entries.filter((entry) => entry.implementation !== null);
	expect(proxies.length).toBeGreaterThan(3);
	for (const proxy of proxies) {
		expect(keys).toContain(contractKey(proxy.chainId, proxy.implementation ?? ''));
	}
});

test('a proxy was constructed with its arguments, an address first', async () => {
	const proxy = entries.find((entry) => entry.name === 'TransparentUpgradeableProxy');
	const item = proxy && (await itemOf(proxy));
	expect(item?.ConstructorArguments.slice(0, 64)).toMatch(/^0{24}[0-9a-f]{40}$/);
});
