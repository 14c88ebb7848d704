import { expect } from 'vitest';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { eas, randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({ worker: {} });

const submit = 'mutation ($address: Address!) { submitContract(address: $address) { status } }';
const read = `query ($address: Address!) {
	contract(address: $address) { source { hash zipUrl standardJson files { path content } } }
}`;

interface Read {
	contract: {
		source: {
			hash: string;
			zipUrl: string;
			standardJson: unknown;
			files: { path: string; content: string }[];
		};
	};
}

test('a source comes as a zip, as standard JSON and file by file, with the hash as its ETag', async ({
	server,
}) => {
	await ask(server.url, submit, { address: eas });
	await all(watch('ws', server.url, watchOne, { address: eas }));
	const { source } = (await ask<Read>(server.url, read, { address: eas })).data.contract;

	const zip = await fetch(server.url + source.zipUrl);
	expect(zip.headers.get('content-type')).toBe('application/zip');
	expect(zip.headers.get('etag')).toBe(`"${source.hash}"`);
	expect(
		Buffer.from(await zip.arrayBuffer())
			.subarray(0, 2)
			.toString(),
	).toBe('PK');
	const again = await fetch(server.url + source.zipUrl, {
		headers: { 'if-none-match': zip.headers.get('etag') ?? '' },
	});
	expect(again.status).toBe(304);

	const base = `${server.url}/contracts/1/${eas}`;
	expect(await (await fetch(`${base}/standard.json`)).json()).toEqual(source.standardJson);
	for (const { path, content } of source.files) {
		expect(await (await fetch(`${base}/files/${path}`)).text()).toBe(content);
	}
});

test('hostile file names are served as data, and a test contract keeps them to the letter', async ({
	system,
	server,
}) => {
	const address = randomAddress();
	const sources = {
		'../../etc/passwd': { content: 'up\r\n' },
		'/C:/Users/x.sol': { content: '\uFEFFbom' },
		'https://host/a//b.sol': { content: 'url' },
		['__proto__']: { content: 'proto' },
		'a\nb.sol': { content: 'contract H {}' },
	};
	system.emulator.put(1, address, {
		SourceCode: `{${JSON.stringify({ language: 'Solidity', sources, settings: {} })}}`,
		ContractName: 'H',
		CompilerVersion: 'v0.8.9+commit.e5eed63a',
		ABI: '[]',
	});
	await ask(server.url, submit, { address });
	const events = await all(watch('ws', server.url, watchOne, { address }));
	expect(events.at(-1)?.status).toBe('SUCCESS');
	const { source } = (await ask<Read>(server.url, read, { address })).data.contract;
	expect(source.files).toHaveLength(5);
	for (const { path, content } of source.files) {
		expect(content).toBe(Object.entries(sources).find(([name]) => name === path)?.[1].content);
		const url = `${server.url}/contracts/1/${address}/files/${encodeURIComponent(path)}`;
		expect(Buffer.from(await (await fetch(url)).arrayBuffer()).toString()).toBe(content);
	}
});

test('while there is no source the answer is 404 in JSON', async ({ server }) => {
	const response = await fetch(`${server.url}/contracts/1/${randomAddress()}/source.zip`);
	expect(response.status).toBe(404);
	expect(await response.json()).toMatchObject({
		errors: [{ extensions: { code: 'NO_SOURCE', status: null } }],
	});
});
