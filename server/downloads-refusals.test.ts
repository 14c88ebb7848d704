import { describe, expect, test } from 'vitest';
import { checksummed } from '../domain/address.ts';
import { keyText } from '../domain/contract.ts';
import { key, root, serveDownloads, stored } from '../test/harness/downloads.ts';

const { contracts, inputs, outcomes, ask, refusal } = serveDownloads();
const resources = ['source.zip', 'standard.json', 'files', 'files/contracts/Token.sol'].map(
	(end) => `${root}/${end}`,
);

describe('while there is no source', () => {
	const failure = {
		code: 'NOT_VERIFIED',
		message: 'It is not verified.',
		retryable: false,
	} as const;
	test.each([
		[null, null, 'submitContract'],
		['CREATED', null, 'waits for its download'],
		['PROCESS', { ...failure, message: 'Too slow.' }, 'The last attempt failed: Too slow.'],
		['ERROR', failure, 'It is not verified. Submitting it again helps only once'],
		['ERROR', { ...failure, retryable: true }, 'Submit it again'],
	] as const)('in status %s the answer says what to do', async (status, cause, sentence) => {
		if (status) contracts.set(keyText(key), { ...stored, status, error: cause, source: null });
		else contracts.clear();
		for (const path of [...resources, `${root}/files/none`]) {
			expect(await refusal(path)).toEqual({
				httpStatus: 404,
				code: 'NO_SOURCE',
				message: expect.stringContaining(sentence),
				status,
			});
		}
	});

	test('the old source is served while a new one is fetched', async () => {
		contracts.set(keyText(key), { ...stored, status: 'PROCESS' });
		for (const path of resources) expect((await ask(path)).status).toBe(200);
	});
});

describe('an address', () => {
	test.each([
		checksummed(key.address),
		key.address.toUpperCase(),
		key.address.replace('0x', '%30x'),
	])('%s names the contract', async (address) => {
		expect((await ask(`/contracts/1/${address}/standard.json`)).status).toBe(200);
	});
});

test.each([
	[`/contracts/one/${key.address}/files`, '"one" is not a chain id'],
	[`/contracts/1e0/${key.address}/files`, '"1e0" is not a chain id'],
	[`/contracts//${key.address}/files`, '"" is not a chain id'],
	[`/contracts/7/${key.address}/files`, 'Chain 7 is not served'],
	['/contracts/1/abc/source.zip', 'has to start with 0x'],
	['/contracts/1/0xabc/source.zip', 'it has 3 hex digits'],
	[`/contracts/1/0x${'aB'.repeat(20)}/source.zip`, 'wrong EIP-55 checksum'],
	[`/contracts/1/%zz/source.zip`, 'malformed percent-encoding'],
	[`${root}/files/100%.sol`, 'malformed percent-encoding'],
])('%s is refused: %s', async (path, sentence) => {
	expect(await refusal(path)).toEqual({
		httpStatus: 400,
		code: 'BAD_USER_INPUT',
		message: expect.stringContaining(sentence),
	});
});

test.each([
	'/',
	'/graphql',
	'/contracts',
	root,
	`${root}/source.zip/x`,
	`${root}/source.tar`,
	`${root}/filesystem`,
])('%s is left to others', async (path) => {
	expect((await ask(path)).status).toBe(418);
	expect(await outcomes[0]).toBe(false);
});

test.each(['POST', 'PUT', 'DELETE'])('%s is refused', async (method) => {
	const { status, headers } = await ask(`${root}/files`, {}, method);
	expect([status, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('a web page may ask with If-None-Match', async () => {
	const { status, headers } = await ask(`${root}/files`, { origin: 'http://page.test' }, 'OPTIONS');
	expect(status).toBe(204);
	expect(headers).toMatchObject({
		'access-control-allow-origin': '*',
		'access-control-allow-methods': 'GET, HEAD, OPTIONS',
		'access-control-allow-headers': expect.stringContaining('If-None-Match'),
	});
});

test('a source that is named but not stored is an unexpected error', async () => {
	inputs.clear();
	expect((await ask(`${root}/standard.json`)).status).toBe(500);
	await expect(outcomes[0]).rejects.toThrow('not stored');
});
