import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import { SourceError } from '../../domain/errors.ts';
import { withAsk } from '../../test/harness/ask.ts';
import { rejection, serve } from '../../test/harness/http-server.ts';
import type { ClientOptions } from '../call.ts';
import type { HttpLimits } from '../http.ts';
import { createEtherscanClient } from './client.ts';

const contract = {
	chainId: 137,
	address: parseAddress('0x00000000219ab540356cBB839Cbe05303d7705Fa'),
};
const key = 'K3Y+with/odd&characters=';
const never = new AbortController().signal;
const item = { SourceCode: 'contract C {}', ContractName: 'C', ABI: '[]' };
const good = JSON.stringify({ status: '1', message: 'OK', result: [item] });

const upstream = (url: string, changes: Partial<HttpLimits & ClientOptions> = {}) => {
	const options = { url, secrets: [key], maxSourceBytes: 50_000, ...changes };
	const limits = { timeoutMs: 20_000, maxBytes: 100_000, ...changes };
	return withAsk(createEtherscanClient(options), limits);
};
const queryOf = (request: IncomingMessage) =>
	new URL(request.url ?? '', 'http://127.0.0.1').searchParams;

test('a contract is asked for with its chain and address in the query', async () => {
	const asked = Promise.withResolvers<IncomingMessage>();
	await using server = await serve((request, response) => {
		asked.resolve(request);
		response.end(good);
	});
	await upstream(`${server.url}?via=proxy`).ask(contract, key, never);
	const request = await asked.promise;
	expect(request.method).toBe('GET');
	expect(request.url).toMatch(/^\/v2\/api\?/);
	expect(Object.fromEntries(queryOf(request))).toEqual({
		via: 'proxy',
		chainid: '137',
		module: 'contract',
		action: 'getsourcecode',
		address: contract.address,
		apikey: key,
	});
});

test('without keys no key is sent', async () => {
	let query = '';
	await using server = await serve((request, response) => {
		query = request.url ?? '';
		response.end(good);
	});
	await upstream(server.url).ask(contract, null, never);
	expect(query).not.toContain('apikey');
});

test('the origin is the host that answered, with its port', async () => {
	await using server = await serve((_request, response) => response.end(good));
	const source = await upstream(server.url).ask(contract, key, never);
	expect(source.description).toMatchObject({ origin: server.host, name: 'C' });
	expect(source.standardJson.sources).toEqual({ 'C.sol': { content: 'contract C {}' } });
});

const envelope = (result: unknown) => JSON.stringify({ status: '0', message: 'NOTOK', result });
test.each([
	['an error text', 200, envelope('Max rate limit reached'), 'UPSTREAM_UNAVAILABLE'],
	['an HTML 500', 500, '<html>oops</html>', 'UPSTREAM_UNAVAILABLE'],
	['JSON cut short', 200, good.slice(0, -9), 'UPSTREAM_UNAVAILABLE'],
	['a redirect', 301, '', 'UPSTREAM_UNAVAILABLE'],
	['an item without source', 200, good.replace('contract C {}', ''), 'NOT_VERIFIED'],
	['an item that cannot be read', 200, envelope([{}]), 'MALFORMED_RESPONSE'],
	['a body over the limit', 200, 'x'.repeat(200_000), 'SOURCE_TOO_LARGE'],
	['a source over the limit', 200, good.replace('{}', 'x'.repeat(60_000)), 'SOURCE_TOO_LARGE'],
])('%s is an error with its code', async (_what, status, body, code) => {
	await using server = await serve((_request, response) => {
		response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body);
	});
	expect(await rejection(upstream(server.url).ask(contract, key, never))).toMatchObject({ code });
});

test('words in a source are never taken for an error', async () => {
	const SourceCode =
		'// Max rate limit reached, Invalid API Key, Contract source code not verified\n// <html>Just a moment...';
	await using server = await serve((_request, response) => {
		response.end(JSON.stringify({ status: '1', message: 'OK', result: [{ ...item, SourceCode }] }));
	});
	const source = await upstream(server.url).ask(contract, key, never);
	expect(source.standardJson.sources['C.sol']?.content).toBe(SourceCode);
});

describe('a key is in no part of an error', () => {
	const forms = [key, encodeURIComponent(key), JSON.stringify(key)];
	const said = `wrong key ${forms.join(' or ')} in ?apikey=${encodeURIComponent(key)}`;

	test.each([
		['an unknown text with the key', 200, envelope(said)],
		['a known text with the key', 200, envelope(`Invalid API Key ${said}`)],
		['a long text with the key at the cut', 200, envelope(`${'x'.repeat(175)}${said}`)],
		['a plain text with the key', 418, said],
		['an HTML page with the key', 500, `<html>${said}</html>`],
		['broken JSON with the key', 200, `{"message":${JSON.stringify(said)}`],
		['a redirect to the key', 302, ''],
		['a reset', 0, ''],
		['a body that is not compressed as it says', -1, said],
	])('after %s', async (_what, status, body) => {
		await using server = await serve((request, response) => {
			if (status === 0) {
				request.socket.resetAndDestroy();
				return;
			}
			response.setHeader('location', `/?apikey=${encodeURIComponent(key)}`);
			if (status === -1) response.setHeader('content-encoding', 'gzip');
			else response.statusCode = status;
			response.end(body);
		});
		const error = await rejection(upstream(server.url).ask(contract, key, never));
		if (!(error instanceof SourceError)) throw error;
		const shown = `${inspect(error, { depth: null, showHidden: true })}${error.stack}`;
		for (const form of [...forms, key.slice(0, 8)]) expect(shown).not.toContain(form);
		expect(shown).not.toContain('apikey=K');
	});
});

test('a request that is given up rejects with the reason', async () => {
	const controller = new AbortController();
	await using server = await serve(() => controller.abort(new Error('stopping')));
	const error = await rejection(upstream(server.url).ask(contract, key, controller.signal));
	expect(error).toEqual(new Error('stopping'));
});

test.each(['nonsense', 'ftp://host/', 'https://me:secret@host/api'])(
	'the URL %j is refused at once, without being repeated',
	(url) => {
		expect(() => upstream(url)).toThrow(/^(?!.*secret).*http\(s\)/);
	},
);
