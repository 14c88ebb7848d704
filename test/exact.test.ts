import { buffer } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { filesOf, type StandardJson } from '../domain/source.ts';
import { zipOf } from '../server/archive.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { ServerProcess, System } from './harness/system.ts';

/** Contents that a careless step on the way would change. */
const wellFormed: Record<string, string> = {
	'crlf.sol': 'a\r\nb\n\rc\r',
	'bom.sol': '\ufeffcontract A {}\ufeff',
	'invisible.sol': 'a\u200bb\u200d\u2060\u00ad',
	'rtl.sol': '/* \u202e } \u2066 if (admin) \u2069 */',
	'emoji.sol': '👩‍👩‍👧 🇨🇭 代币 e\u0301 \u00e9',
	'nul.sol': 'a\0b\u0001\u001f\u007f\u0085',
	'separators.sol': '\u2028\u2029\v\f',
	'escapes.sol': '\\ud800 \\n \\u0000 %00 &amp; $x {{}} </script>',
	'noncharacters.sol': '\ufffe\uffff\ufffd\u{10ffff}',
	'long.sol': `${'x'.repeat(300_000)}${'代'.repeat(50_000)}`,
	'spaces.sol': ' \t \n\n\n ',
	'empty.sol': '',
};

/** What UTF-8 has no bytes for. */
const surrogates: Record<string, string> = {
	'high.sol': 'a\ud800b',
	'low.sol': '\udfff',
	'swapped.sol': '\ude00\ud83d',
	'end.sol': 'cut in half \ud83d',
};

/** Names as upstreams were seen to give them, and as attackers would. */
const names = [
	'https://host/a/contracts//X.sol',
	'https://host/../../y.sol',
	'../../../etc/passwd',
	'a\nb.sol',
	'a b.sol',
	'@openzeppelin/contracts@4.9.2/token.sol',
	'.venv/lib/x.vy',
	'.sol',
	'/C/Users/x.sol',
	'C:\\Users\\x.sol',
	'\\\\host\\share\\x.sol',
	'./x.sol',
	'Attack',
	'Attack.sol',
	'attack.sol',
	'Attack/x.sol',
	'a\0b.sol',
	'__proto__',
	'constructor',
	'toString/__proto__.sol',
	'',
	'.',
	'..',
	'/',
	'//',
	'CON.sol',
	'.git/config',
	'verifeed-names.json',
	'100%.sol',
	'a%2Fb.sol',
	'x?hash=1&path=2#3.sol',
	'\ufeffbom.sol',
	'\u202elos.sol',
	'e\u0301.sol',
	'\u00e9.sol',
	'合约/代币👩‍👩‍👧.sol',
	'\ud800.sol',
	`${'long'.repeat(500)}.sol`,
	`${'deep/'.repeat(200)}x.sol`,
];

/** JavaScript has no number for it. */
const exactNumber = '18446744073709551615';

const test = systemTest({ worker: {} });

const submit = 'mutation ($address: Address!) { submitContract(address: $address) { status } }';
const fields = 'source { size fileCount standardJson files { path content size } }';

interface Source {
	size: number;
	fileCount: number;
	standardJson: unknown;
	files: { path: string; content: string; size: number }[];
}

/** Stores a source that has these files, through emulator, worker and database. */
async function stored(system: System, server: ServerProcess, files: [string, string][]) {
	const sources = Object.fromEntries(files.map(([path, content]) => [path, { content }]));
	const settings = {
		...{ note: '\ud800\r\n\0', libraries: {}, remappings: ['\ufeff=\u200b/'] },
		// Rounded by whoever reads it as a number, as this test does.
		number: Number(exactNumber),
	};
	const input: StandardJson = { language: 'Solidity', sources, settings };
	const address = randomAddress();
	system.emulator.put(1, address, {
		SourceCode: `{${JSON.stringify(input)}}`.replace(`${Number(exactNumber)}`, exactNumber),
		ContractName: 'Odd',
		CompilerVersion: 'v0.8.9+commit.e5eed63a',
		ABI: '[]',
	});
	await ask(server.url, submit, { address });
	const events = await all(watch('ws', server.url, watchOne, { address }));
	expect(events.at(-1)?.status).toBe('SUCCESS');
	return { address, input, base: `${server.url}/contracts/1/${address}` };
}

async function bytes(url: string): Promise<Buffer> {
	const response = await fetch(url);
	expect(response.status).toBe(200);
	return Buffer.from(await response.arrayBuffer());
}

async function expectGraphQl(server: ServerProcess, address: string, input: StandardJson) {
	for (const query of ['contract', 'cachedContract', 'cachedContract']) {
		const text = `query ($address: Address!) { ${query}(address: $address) { ${fields} } }`;
		const answer = await ask<Record<string, { source: Source }>>(server.url, text, { address });
		const source = answer.data[query]?.source;
		expect(source?.files).toEqual(filesOf(input));
		expect(source?.standardJson).toEqual(input);
		expect(source?.fileCount).toBe(filesOf(input).length);
		expect(source?.size).toBe(filesOf(input).reduce((sum, { size }) => sum + size, 0));
	}
}

describe('contents', () => {
	test('that are well-formed leave as they came, to the byte, everywhere', async ({
		system,
		server,
	}) => {
		const { address, input, base } = await stored(system, server, Object.entries(wellFormed));
		await expectGraphQl(server, address, input);
		const standardJson = (await bytes(`${base}/standard.json`)).toString();
		expect(JSON.parse(standardJson)).toEqual(input);
		const query = `{ contract(address: "${address}") { source { standardJson } } }`;
		const answer = await fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`, {
			headers: { accept: 'application/json' },
		});
		for (const text of [standardJson, await answer.text()]) {
			expect(text).toMatch(new RegExp(`"number": ?${exactNumber}`));
		}
		for (const [path, content] of Object.entries(wellFormed)) {
			expect((await bytes(`${base}/files/${path}`)).equals(Buffer.from(content)), path).toBe(true);
		}
		const zip = await bytes(`${base}/source.zip`);
		expect(zip.equals(await buffer(zipOf(filesOf(input))))).toBe(true);
	});

	test('with lone surrogates are exact in every JSON, and refused where they cannot be', async ({
		system,
		server,
	}) => {
		const { address, input, base } = await stored(
			system,
			server,
			Object.entries({ ...surrogates, ...wellFormed }),
		);
		await expectGraphQl(server, address, input);
		const standardJson = (await bytes(`${base}/standard.json`)).toString();
		expect(JSON.parse(standardJson)).toEqual(input);
		for (const path of Object.keys(surrogates)) {
			for (const headers of [{}, { 'if-none-match': '*' }]) {
				const response = await fetch(`${base}/files/${path}`, { headers });
				expect(response.status).toBe(409);
				expect(await response.json()).toEqual({
					errors: [
						{
							message: expect.stringMatching(
								new RegExp(`"${path}".*/standard\\.json has it exactly`),
							),
							extensions: { code: 'NOT_UTF8' },
						},
					],
				});
			}
		}
		for (const [path, content] of Object.entries(wellFormed)) {
			expect((await bytes(`${base}/files/${path}`)).equals(Buffer.from(content)), path).toBe(true);
		}
	});

	test('of a single file that is no JSON are kept as well', async ({ system, server }) => {
		const address = randomAddress();
		const content = Object.values({ ...wellFormed, ...surrogates }).join('\r\n');
		const item = { ContractName: 'Odd', CompilerVersion: 'v0.8.9+commit.e5eed63a', ABI: '[]' };
		system.emulator.put(1, address, { ...item, SourceCode: `contract Odd {}${content}` });
		await ask(server.url, submit, { address });
		await all(watch('sse', server.url, watchOne, { address }));
		const query = `query ($address: Address!) { contract(address: $address) { ${fields} } }`;
		const answer = await ask<{ contract: { source: Source } }>(server.url, query, { address });
		expect(answer.data.contract.source.files.map((file) => file.content)).toEqual([
			`contract Odd {}${content}`,
		]);
	});
});

test('names are data: each file is had by its URL, in GraphQL by its path, and in the zip', async ({
	system,
	server,
}) => {
	const { address, input, base } = await stored(
		system,
		server,
		names.map((path) => [path, path === '' ? 'contract Odd {}' : `// ${path.toWellFormed()}`]),
	);
	await expectGraphQl(server, address, input);
	const list = JSON.parse((await bytes(`${base}/files`)).toString());
	expect(list.map(({ path }: { path: string }) => path)).toEqual([...names].sort());
	for (const { path, url } of list) {
		const content = Object.entries(input.sources).find(([name]) => name === path)?.[1].content;
		expect((await bytes(server.url + url)).toString()).toBe(content);
		const query = `query ($address: Address!, $path: String!) {
			contract(address: $address) { source { file(path: $path) { path content } } }
		}`;
		const { data } = await ask<unknown>(server.url, query, { address, path });
		expect(data).toEqual({ contract: { source: { file: { path, content } } } });
	}
	const zip = await bytes(`${base}/source.zip`);
	expect(zip.equals(await buffer(zipOf(filesOf(input))))).toBe(true);
});
