import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { keyText } from '../domain/contract.ts';
import { filesOf } from '../domain/source.ts';
import {
	contents,
	etag,
	hash,
	input,
	key,
	root,
	serveDownloads,
	stored,
} from '../test/harness/downloads.ts';
import { zipOf } from './archive.ts';
import { fileUrl } from './download-url.ts';

// Passed through: only a failure in the middle of an archive cannot be had otherwise.
vi.mock('./archive.ts', async (original) => {
	const real = await original<typeof import('./archive.ts')>();
	return { zipOf: vi.fn(real.zipOf) };
});

const { contracts, inputs, outcomes, port, ask, refusal } = serveDownloads();

describe('source.zip', () => {
	test('is the archive of all files, under a plain file name', async () => {
		const { status, headers, body } = await ask(`${root}/source.zip`);
		expect(status).toBe(200);
		expect(headers).toMatchObject({
			'content-type': 'application/zip',
			'content-disposition': `attachment; filename="My_T_k_n_-1-${key.address}.zip"`,
			'cache-control': 'public, no-cache',
			etag,
		});
		expect(body.equals(await buffer(zipOf(filesOf(input))))).toBe(true);
	});

	test('has a file name where the contract has none', async () => {
		contracts.set(keyText(key), {
			...stored,
			source: stored.source && { ...stored.source, name: '代' },
		});
		const { headers } = await ask(`${root}/source.zip`);
		expect(headers['content-disposition']).toContain(`"contract-1-${key.address}.zip"`);
	});

	test('is not made for more at once than there are places for', async () => {
		const stuck = new Readable({ read() {} });
		const begun = Promise.withResolvers<void>();
		vi.mocked(zipOf).mockImplementationOnce(() => {
			begun.resolve();
			return stuck;
		});
		const first = ask(`${root}/source.zip`);
		await begun.promise;
		const next = [ask(`${root}/source.zip`), ask(`${root}/source.zip`)];
		const refused = await Promise.race(next);
		expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
		expect(refused.body.toString()).toContain('TOO_BUSY');
		// What needs no work needs no place.
		expect((await ask(`${root}/source.zip`, {}, 'HEAD')).status).toBe(200);
		expect((await ask(`${root}/source.zip`, { 'if-none-match': etag })).status).toBe(304);
		expect((await ask(`${root}/files`)).status).toBe(200);
		stuck.push(null);
		await first;
		expect((await Promise.all(next)).map(({ status }) => status).toSorted()).toEqual([200, 503]);
	});

	test('ends its work when the client goes away', async () => {
		const random = Buffer.from(crypto.getRandomValues(new Uint8Array(48 * 1024))).toString(
			'base64',
		);
		const sources = Object.fromEntries(
			Array.from({ length: 400 }, (_, n) => [`${n}.sol`, { content: random }]),
		);
		inputs.set(hash, { ...input, sources });
		const socket = connect(port(), '127.0.0.1');
		socket.write(`GET ${root}/source.zip HTTP/1.1\r\nHost: x\r\n\r\n`);
		await once(socket, 'readable');
		socket.destroy();
		expect(await outcomes[0]).toBe(true);
		const zip = vi.mocked(zipOf).mock.results.at(-1)?.value;
		expect(zip).toMatchObject({ destroyed: true, readableEnded: false });
	});

	test('that fails midway is cut off, and the failure reaches the caller', async () => {
		async function* failing() {
			yield Buffer.from('PK');
			throw new Error('disk on fire');
		}
		vi.mocked(zipOf).mockReturnValueOnce(Readable.from(failing()));
		await expect(ask(`${root}/source.zip`)).rejects.toThrow('aborted');
		await expect(outcomes[0]).rejects.toThrow('disk on fire');
	});
});

test('standard.json is the standard JSON input, indented', async () => {
	const { status, headers, body } = await ask(`${root}/standard.json`);
	expect(status).toBe(200);
	expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', etag });
	expect(body.toString()).toBe(`${JSON.stringify(input, null, 2)}\n`);
});

describe('files', () => {
	test.each(contents)('%j is had by its URL in the list', async (path, content) => {
		const { status, headers, body } = await ask(fileUrl(key, path));
		expect([status, body.toString()]).toEqual([200, content]);
		expect(headers).toMatchObject({
			'content-type':
				path === 'meta.json' ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
			'content-length': String(body.length),
			'x-content-type-options': 'nosniff',
			'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
			'access-control-allow-origin': '*',
			'access-control-expose-headers': expect.stringContaining('ETag'),
			etag,
		});
	});

	test.each(['', '/'])('files%s lists all, sorted by path', async (slash) => {
		const { status, body } = await ask(`${root}/files${slash}`);
		expect(status).toBe(200);
		expect(JSON.parse(body.toString())).toEqual(
			filesOf(input).map(({ path, size }) => ({ path, size, url: fileUrl(key, path) })),
		);
	});

	test.each([
		['contracts/Token.sol', 'contracts/Token.sol'],
		['contracts%2fToken.sol', 'contracts/Token.sol'],
		['contracts/Token.sol?x=1', 'contracts/Token.sol'],
		['https://host/x//y.sol', 'https://host/x//y.sol'],
		['../x.sol', '../x.sol'],
		['/abs.sol', '/abs.sol'],
		['C:\\x.sol', 'C:\\x.sol'],
		['what%3F#.sol', 'what?#.sol'],
		['..', '..'],
	])('files/%s is read as it was sent', async (raw, path) => {
		const { status, body } = await ask(`${root}/files/${raw}`);
		expect([status, body.toString()]).toEqual([200, Object.fromEntries(contents)[path]]);
	});

	test('an absolute URL in the request line is read as well', async () => {
		const { status, body } = await ask(`http://verifeed.test${root}/files/../x.sol`);
		expect([status, body.toString()]).toEqual([200, 'above']);
	});

	test.each(['Token.sol', 'constructor', 'toString', 'contracts', 'a%252Fb'])(
		'files/%s is not there, and the answer says where the list is',
		async (path) => {
			const message = expect.stringContaining(`${root}/files lists`);
			expect(await refusal(`${root}/files/${path}`)).toEqual({
				httpStatus: 404,
				code: 'NO_SUCH_FILE',
				message,
			});
		},
	);
});

test.each(['\ud800', 'a\udfff\r\n', '\ude00\ud83d'])(
	'a file that holds %j is refused, and standard.json has it',
	async (content) => {
		inputs.set(hash, { ...input, sources: { 'odd\ud800.sol': { content } } });
		const url = fileUrl(key, 'odd\ud800.sol');
		expect(await refusal(url)).toEqual({
			httpStatus: 409,
			code: 'NOT_UTF8',
			message: expect.stringContaining(`"odd\\ud800.sol"`),
		});
		expect((await refusal(url)).message).toContain(`${root}/standard.json has it exactly`);
		expect((await ask(url, { 'if-none-match': '*' })).status).toBe(409);
		const standardJson = JSON.parse((await ask(`${root}/standard.json`)).body.toString());
		expect(standardJson.sources).toEqual({ 'odd\ud800.sol': { content } });
	},
);

const whole = [`${root}/source.zip`, `${root}/standard.json`, `${root}/files`];
const resources = [...whole, `${root}/files/contracts/Token.sol`];

describe.each(resources)('%s', (path) => {
	test.each([etag, `W/${etag}`, '*', ` "x" ,W/"y,z", ${etag}`])(
		'is unchanged for %s',
		async (tags) => {
			const { status, headers, body } = await ask(path, { 'if-none-match': tags });
			expect([status, body.length]).toEqual([304, 0]);
			expect(headers).toMatchObject({ etag, 'cache-control': 'public, no-cache' });
			expect(headers).not.toHaveProperty('content-type');
		},
	);

	test.each(['"x"', hash, `"${hash}x"`, ''])('is sent whole for %j', async (tags) => {
		expect((await ask(path, { 'if-none-match': tags })).status).toBe(200);
	});

	test('has the same headers for HEAD and no body', async () => {
		const { 'transfer-encoding': _, date, ...headers } = (await ask(path)).headers;
		const head = await ask(path, {}, 'HEAD');
		expect([head.status, head.body.length]).toEqual([200, 0]);
		expect({ ...head.headers, date }).toEqual({ ...headers, date });
	});

	test('is sent whole for a range', async () => {
		expect((await ask(path, { range: 'bytes=0-1' })).status).toBe(200);
	});
});

test('a file that is not there is never unchanged', async () => {
	expect((await ask(`${root}/files/none`, { 'if-none-match': '*' })).status).toBe(404);
});

test('every URL of the list works with fetch', async () => {
	const origin = `http://127.0.0.1:${port()}`;
	const list = await (await fetch(`${origin}${root}/files`)).json();
	for (const { path, url } of list) {
		expect(await (await fetch(origin + url)).text()).toBe(Object.fromEntries(contents)[path]);
	}
});
