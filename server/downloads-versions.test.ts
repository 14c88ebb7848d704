import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, test } from 'vitest';
import { keyText } from '../domain/contract.ts';
import { filesOf } from '../domain/source.ts';
import { etag, hash, input, key, root, serveDownloads, stored } from '../test/harness/downloads.ts';
import { zipOf } from './archive.ts';
import { fileUrl } from './download-url.ts';

const { contracts, inputs, older, ask, refusal } = serveDownloads();

const oldHash = 'b2'.repeat(32);
const oldContents = ['contracts/Token.sol', '..', '', 'a b?.sol'];
const oldInput = {
	...input,
	sources: Object.fromEntries(oldContents.map((path) => [path, { content: `old ${path}` }])),
};

beforeEach(() => {
	if (stored.source) older.set(oldHash, { ...stored.source, hash: oldHash, name: 'Old' });
	inputs.set(oldHash, oldInput);
});

describe('with the hash of an older source', () => {
	test('source.zip, standard.json and files are that source', async () => {
		const zip = await ask(`${root}/source.zip?hash=${oldHash}`);
		expect(zip.body.equals(await buffer(zipOf(filesOf(oldInput))))).toBe(true);
		expect(zip.headers['content-disposition']).toContain('"Old-1-');
		const standardJson = await ask(`${root}/standard.json?hash=${oldHash}`);
		expect(JSON.parse(standardJson.body.toString())).toEqual(oldInput);
		const list = JSON.parse((await ask(`${root}/files?hash=${oldHash}`)).body.toString());
		expect(list).toEqual(
			filesOf(oldInput).map(({ path, size }) => ({ path, size, url: fileUrl(key, path, oldHash) })),
		);
		for (const { path, url } of list) {
			expect((await ask(url)).body.toString()).toBe(`old ${path}`);
		}
	});

	test('a file that only the newest has is not there, and the list that is named is the older one', async () => {
		expect(await refusal(`${root}/files/meta.json?hash=${oldHash}`)).toEqual({
			httpStatus: 404,
			code: 'NO_SUCH_FILE',
			message: expect.stringContaining(`${root}/files?hash=${oldHash} lists`),
		});
	});
});

test.each(['source.zip', 'standard.json', 'files', 'files/contracts%2FToken.sol'])(
	'%s with a hash may be kept for ever, under that hash as its ETag',
	async (end) => {
		for (const asked of [oldHash, oldHash.toUpperCase(), hash]) {
			const tag = `"${asked.toLowerCase()}"`;
			const { status, headers } = await ask(`${root}/${end}?hash=${asked}`);
			expect(status).toBe(200);
			expect(headers).toMatchObject({
				etag: tag,
				'cache-control': 'public, max-age=31536000, immutable',
			});
			const again = await ask(`${root}/${end}?hash=${asked}`, { 'if-none-match': tag });
			expect(again.status).toBe(304);
		}
		const newest = await ask(`${root}/${end}`);
		expect(newest.headers).toMatchObject({ etag, 'cache-control': 'public, no-cache' });
	},
);

test.each(['source.zip', 'standard.json', 'files', 'files/contracts%2FToken.sol'])(
	'%s with a hash that this contract has not had is 404',
	async (end) => {
		expect(await refusal(`${root}/${end}?hash=${'c3'.repeat(32)}`)).toEqual({
			httpStatus: 404,
			code: 'NO_SUCH_SOURCE',
			message: expect.stringContaining('Contract.sources'),
		});
	},
);

test('an address without any source says so, hash or not', async () => {
	contracts.set(keyText(key), { ...stored, status: 'CREATED', source: null });
	expect(await refusal(`${root}/files?hash=${oldHash}`)).toMatchObject({ code: 'NO_SOURCE' });
});

test.each(['', 'abc', `${oldHash}0`, '%zz', `0x${oldHash}`, '__proto__'])(
	'?hash=%s is refused as malformed',
	async (text) => {
		expect(await refusal(`${root}/source.zip?hash=${text}`)).toMatchObject({
			httpStatus: 400,
			code: 'BAD_USER_INPUT',
		});
	},
);
