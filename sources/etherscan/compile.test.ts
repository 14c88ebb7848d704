import { beforeAll, expect, test } from 'vitest';
import { type CatalogueEntry, readCatalogue } from '../../bench/emulator/catalogue.ts';
import { openContracts } from '../../bench/emulator/contracts.ts';
import { flatten, toItem } from '../../bench/emulator/etherscan/item.ts';
import { type FetchedSource, filesOf, type StandardJson } from '../../domain/source.ts';
import { type Compiled, compile, fetchCompilers, hasCompiler } from '../../test/harness/compile.ts';
import { canonicalJson } from '../reading/values.ts';
import { readItem } from './item.ts';

/** Its files import each other in a circle; what their names mean hangs on where the compiler begins. */
const circular = ['TBTCVault'];
/** Their files, in the order of their paths, can be put into one. */
const flat = ['GnosisSafeProxyFactory', 'SushiMaker', 'EIP712Proxy', 'BeaconProxy'];

interface Case {
	title: string;
	version: string;
	source: FetchedSource;
	input: StandardJson;
	abi: string;
}

const entries = readCatalogue();
const fitting = entries.filter(({ compiler }) => hasCompiler(compiler));
const contracts = openContracts(entries, toItem);
const cases = new Map<string, Case>();
for (const entry of fitting) await addCases(entry);
const list = [...cases.values()];

async function addCases(entry: CatalogueEntry): Promise<void> {
	const item = await contracts.find(String(entry.chainId), entry.address);
	const delivered = read(item);
	const { sources } = delivered.standardJson;
	const contents = filesOf(delivered.standardJson).map(
		(file) => [file.path, file.content] as const,
	);
	const add = (form: string, source: FetchedSource, select = true) => {
		const { hash, abiHash, name } = source.description;
		cases.set(`${entry.compiler} ${hash} ${abiHash} ${name} ${select}`, {
			title: `${name} ${entry.compiler} ${form}`,
			version: entry.compiler,
			source,
			input: select ? selecting(source) : source.standardJson,
			abi: abiText(delivered.abi),
		});
	};
	add(`as delivered, ${entry.shape}`, delivered);
	// The whole input as it is served, with the output that it selects.
	if (delivered.description.size < 10_000) add('untouched', delivered, false);
	if (entry.shape === 'standard') {
		add('rebuilt from its files', read({ ...item, SourceCode: JSON.stringify(sources) }));
	}
	if (flat.includes(entry.name)) {
		const text = flatten(new Map(contents), entry.entry);
		add('rebuilt from one file', read({ ...item, SourceCode: text, ContractFileName: '' }));
	}
}

function read(item: unknown): FetchedSource {
	const source = readItem(item, { origin: 'emulator', maxSourceBytes: 10_000_000 });
	if (!source) throw new Error('not verified');
	return source;
}

/**
 * The input with another selection of outputs, as the one that was delivered may lack the ABI, or ask
 * for the code of every contract: that takes minutes. Code is asked for of the contract alone; large
 * ones take too long even so, and circular ones have to begin with all files.
 */
function selecting({ standardJson, description }: FetchedSource): StandardJson {
	const { mainPath, name, size } = description;
	const abiAlone = circular.includes(name) || size > 50_000;
	const outputSelection = abiAlone
		? { '*': { '*': ['abi'] } }
		: { [mainPath ?? '']: { [name]: ['abi', 'evm.bytecode.object'] } };
	return { ...standardJson, settings: { ...standardJson.settings, outputSelection } };
}

/** Without the order of entries and of keys, in which the tools that wrote the packages differ. */
function abiText(abi: unknown[] | null): string {
	return (abi ?? [])
		.map((entry) => canonicalJson(entry))
		.sort()
		.join('\n');
}

const results = new Map<Case, Compiled>();

async function compileInTurn(batches: [string, Case[]][]): Promise<void> {
	for (let batch = batches.shift(); batch; batch = batches.shift()) {
		const [version, all] = batch;
		const outputs = await compile(
			version,
			all.map(({ input }) => input),
		);
		for (const [at, output] of outputs.entries()) {
			const one = all[at];
			if (one) results.set(one, output);
		}
	}
}

beforeAll(async () => {
	await fetchCompilers();
	const byVersion = [...Map.groupBy(list, ({ version }) => version)];
	const batches = byVersion.sort(([, a], [, b]) => b.length - a.length);
	await Promise.all([compileInTurn(batches), compileInTurn(batches)]);
}, 600_000);

test.each(list)('$title compiles to the ABI that was delivered', (one) => {
	const { mainPath, name } = one.source.description;
	const result = results.get(one);
	expect(result?.errors).toEqual([]);
	expect(abiText(result?.contracts[mainPath ?? '']?.[name]?.abi ?? null)).toBe(one.abi);
});

const standard = fitting.filter(({ shape }) => shape === 'standard');

test.each(standard)('the standard JSON of $name is what was delivered', async (entry) => {
	const item = await contracts.find(String(entry.chainId), entry.address);
	const delivered = JSON.parse(item?.SourceCode.slice(1, -1) ?? '') as unknown;
	expect(canonicalJson(read(item).standardJson)).toBe(canonicalJson(delivered));
});

const without = entries.filter((entry) => !fitting.includes(entry));
const versions = [...new Set(without.map(({ compiler }) => compiler.split('+')[0]))].sort();

test(`${fitting.length} of ${entries.length} contracts are compiled; the others are of ${versions.join(', ')}`, () => {
	expect(fitting.length).toBeGreaterThanOrEqual(40);
});
