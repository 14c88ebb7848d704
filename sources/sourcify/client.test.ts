import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { withAsk } from '../../test/harness/ask.ts';
import { rejection, serve } from '../../test/harness/http-server.ts';
import {
	asked,
	contract,
	notVerified,
	stdJsonInput,
} from '../../test/harness/sourcify-contract.ts';
import type { ClientOptions } from '../call.ts';
import type { FailureClass } from '../failure.ts';
import type { HttpLimits } from '../http.ts';
import { createSourcifyClient } from './client.ts';

const { key } = asked;
const never = new AbortController().signal;
const good = JSON.stringify(contract);

const client = (url: string, changes: Partial<HttpLimits & ClientOptions> = {}) => {
	const options = { url, secrets: [], maxSourceBytes: 50_000, ...changes };
	const limits = { timeoutMs: 20_000, maxBytes: 100_000, ...changes };
	return withAsk(createSourcifyClient(options), limits);
};

test('it is Sourcify, and lets Sourcify say which chains it has', () => {
	const sourcify = client('https://sourcify.example/server');
	expect(sourcify).toMatchObject({ name: 'sourcify' });
	for (const chainId of [1, 10, 424_242, 999_999_999]) expect(sourcify.serves(chainId)).toBe(true);
});

describe('a contract is asked for', () => {
	async function request(pathOf: (url: string) => string, apiKey: string | null = null) {
		const arrived = Promise.withResolvers<IncomingMessage>();
		await using server = await serve((incoming, response) => {
			arrived.resolve(incoming);
			response.end(good);
		});
		await client(pathOf(`http://${server.host}`)).ask(key, apiKey, never);
		return arrived.promise;
	}
	const fields =
		'fields=stdJsonInput,compilation,abi,proxyResolution,deployment,creationBytecode.transformationValues,runtimeBytecode.transformationValues';

	test.each([
		['/server', '/server/v2/contract/', '?'],
		['/server/', '/server/v2/contract/', '?'],
		['', '/v2/contract/', '?'],
		['/', '/v2/contract/', '?'],
		['/a/b//', '/a/b/v2/contract/', '?'],
		['/server?via=proxy', '/server/v2/contract/', '?via=proxy&'],
		['/server#part', '/server/v2/contract/', '?'],
	])('below %j, with the fields that are needed', async (base, path, query) => {
		const { method, url } = await request((host) => `${host}${base}`);
		expect(method).toBe('GET');
		expect(url).toBe(`${path}1/${key.address}${query}${fields}`);
	});

	test('without a key, whatever key there is', async () => {
		const { url, headers, rawHeaders } = await request((host) => host, 'SECRET');
		expect(`${url}${rawHeaders.join()}`).not.toContain('SECRET');
		expect(headers.authorization).toBeUndefined();
	});
});

test('an answer becomes a source, and its origin is the host with its port', async () => {
	await using server = await serve((_request, response) => response.end(`\uFEFF${good}`));
	const source = await client(server.url).ask(key, null, never);
	expect(source.description).toMatchObject({ origin: server.host, name: 'Token' });
	expect(source.standardJson).toMatchObject(stdJsonInput);
});

const absent = JSON.stringify(notVerified);
const coded = (customCode: string) => JSON.stringify({ customCode, message: 'No', errorId: 'x' });
const failures: [string, number, string | Buffer, FailureClass, string][] = [
	['nulls', 404, absent, 'UNVERIFIED', 'Sourcify holds no verified source for this address.'],
	[
		'a foreign chain',
		400,
		coded('unsupported_chain'),
		'CHAIN',
		'Sourcify does not serve this chain.',
	],
	[
		'a wrong request',
		400,
		coded('invalid_parameter'),
		'BAD_REQUEST',
		'Sourcify did not understand the request of this server.',
	],
	['a code not known', 400, coded('odd'), 'UNKNOWN', 'not known here: "odd: No".'],
	['an HTML 404', 404, '<html>gone</html>', 'UNKNOWN', 'not known here: HTTP 404.'],
	['a limit', 429, coded('too_many_requests'), 'RATE_LIMIT', 'Sourcify asks for fewer calls'],
	['an inner error', 500, coded('internal_error'), 'TRANSIENT', 'Sourcify failed to answer'],
	['a redirect', 301, good, 'REDIRECT', 'never followed'],
	['a block', 403, '<html>Forbidden</html>', 'BLOCKED', 'Sourcify blocks the requests'],
	['HTML', 200, '<html>hello</html>', 'TRANSIENT', 'Sourcify failed to answer properly.'],
	['JSON cut short', 200, good.slice(0, -9), 'TRANSIENT', 'Sourcify failed to answer properly.'],
	['nulls, said to be fine', 200, absent, 'MALFORMED', 'does not say how well'],
	['no files', 200, good.replaceAll('content"', 'url"'), 'MALFORMED', 'without literal content'],
	[
		'Latin-1',
		200,
		Buffer.from(good.replace('Token', 'Tok\u00e9n'), 'latin1'),
		'MALFORMED',
		'is not text in UTF-8',
	],
	['a large body', 200, ' '.repeat(200_000), 'TOO_LARGE', 'larger than the 100000 bytes'],
	[
		'a large source',
		200,
		good.replace('{}', 'x'.repeat(60_000)),
		'TOO_LARGE',
		'more than the 50000',
	],
];
test.each(failures)('%s with HTTP %d is a failure', async (_what, status, body, name, message) => {
	await using server = await serve((_request, response) => {
		response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body);
	});
	expect(await rejection(client(server.url).ask(key, null, never))).toMatchObject({
		class: name,
		message: expect.stringContaining(message),
	});
});

test('a compressed answer that is cut short is worth another try', async () => {
	const packed = gzipSync(good);
	await using server = await serve((_request, response) => {
		response.setHeader('content-encoding', 'gzip').end(packed.subarray(0, -20));
	});
	expect(await rejection(client(server.url).ask(key, null, never))).toMatchObject({
		class: 'TRANSIENT',
	});
});

test('Retry-After is honoured', async () => {
	await using server = await serve((_request, response) => {
		response.writeHead(429, { 'retry-after': '7' }).end(coded('too_many_requests'));
	});
	expect(await rejection(client(server.url).ask(key, null, never))).toMatchObject({
		followUp: { kind: 'wait', atLeastMs: 7000 },
	});
});

test('a broken connection is a failure of the network', async () => {
	await using server = await serve((request) => request.socket.resetAndDestroy());
	expect(await rejection(client(server.url).ask(key, null, never))).toMatchObject({
		class: 'NETWORK',
	});
});

test('words in a source are never taken for an error', async () => {
	const content = '// unsupported_chain "match":null <html>Just a moment... too_many_requests';
	await using server = await serve((_request, response) => {
		response.end(JSON.stringify({ ...contract, stdJsonInput: { sources: { a: { content } } } }));
	});
	const source = await client(server.url).ask(key, null, never);
	expect(source.standardJson.sources['a']?.content).toBe(content);
});

test('a request that is given up rejects with the reason', async () => {
	const controller = new AbortController();
	await using server = await serve(() => controller.abort(new Error('stopping')));
	const error = await rejection(client(server.url).ask(key, null, controller.signal));
	expect(error).toEqual(new Error('stopping'));
});

test.each(['nonsense', 'ftp://host/', 'https://me:secret@host/server'])(
	'the URL %j is refused at once, without being repeated',
	(url) => {
		expect(() => client(url)).toThrow(/^(?!.*secret).*Sourcify has to be a URL with http\(s\)/);
	},
);
