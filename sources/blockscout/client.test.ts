import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { withAsk } from '../../test/harness/ask.ts';
import { address, unverified, verified } from '../../test/harness/blockscout-contract.ts';
import { rejection, serve } from '../../test/harness/http-server.ts';
import type { ClientOptions } from '../call.ts';
import type { HttpLimits } from '../http.ts';
import { createBlockscoutClient } from './client.ts';

const contract = { chainId: 100, address };
const key = 'proapi_K3Y+with/odd&characters=';
const never = new AbortController().signal;
const good = JSON.stringify(verified);

const client = (url: string, changes: Partial<HttpLimits & ClientOptions> = {}) => {
	const options = { url, secrets: [key], maxSourceBytes: 50_000, ...changes };
	const limits = { timeoutMs: 20_000, maxBytes: 100_000, ...changes };
	return withAsk(createBlockscoutClient(options), limits);
};
const origin = (url: string) => new URL(url).origin;

test('the PRO interface is asked with the chain in the path and the key in the query', async () => {
	const asked: URL[] = [];
	await using server = await serve((request, response) => {
		asked.push(new URL(request.url ?? '', 'http://host'));
		response.end(good);
	});
	const blockscout = client(origin(server.url));
	expect(blockscout).toMatchObject({ name: 'blockscout' });
	const source = await blockscout.ask(contract, key, never);
	expect(source.description).toMatchObject({ provider: 'BLOCKSCOUT', origin: server.host });
	await blockscout.ask(contract, null, never);
	const pathname = `/100/api/v2/smart-contracts/${address}`;
	expect(asked.map((url) => url.pathname)).toEqual([pathname, pathname]);
	expect(asked.map((url) => url.searchParams.get('apikey'))).toEqual([key, null]);
});

test('an instance is asked for its own chain alone, without a key', async () => {
	const asked: (string | undefined)[] = [];
	await using server = await serve((request, response) => {
		asked.push(request.url);
		response.end(good);
	});
	const blockscout = client(`100=${server.url}`);
	await blockscout.ask(contract, key, never);
	expect(asked).toEqual([`/v2/api/api/v2/smart-contracts/${address}`]);
	expect([blockscout.serves(100), blockscout.serves(1)]).toEqual([true, false]);
	const error = await rejection(blockscout.ask({ ...contract, chainId: 1 }, null, never));
	expect(error).toMatchObject({ class: 'CHAIN' });
	expect(asked).toHaveLength(1);
});

test('a chain that the PRO interface refused once is asked for again', async () => {
	await using server = await serve((_request, response) => {
		response.writeHead(404).end('{"error":"Network not supported","source":"internal"}');
	});
	const blockscout = client(origin(server.url));
	expect(await rejection(blockscout.ask(contract, key, never))).toMatchObject({
		class: 'CHAIN',
		code: 'UNSUPPORTED_CHAIN',
	});
	expect(blockscout.serves(100)).toBe(true);
});

test.each([
	['an address without code', 404, '{"message":"Not found"}', 'NOT_VERIFIED'],
	['a contract that is not verified', 200, JSON.stringify(unverified), 'NOT_VERIFIED'],
	['an HTML 404', 404, '<html>Not found</html>', 'UPSTREAM_UNAVAILABLE'],
	['a refused key', 401, '{"error":"Unauthorized"}', 'INVALID_API_KEY'],
	['spent credits', 402, '{"error":"Out of credits"}', 'QUOTA_EXHAUSTED'],
	['a source that is missing', 200, '{"is_verified":true}', 'MALFORMED_RESPONSE'],
	['a body over the limit', 200, 'x'.repeat(200_000), 'SOURCE_TOO_LARGE'],
])('%s is an error with its code', async (_what, status, body, code) => {
	await using server = await serve((_request, response) => {
		response.writeHead(status).end(body);
	});
	const error = await rejection(client(origin(server.url)).ask(contract, key, never));
	expect(error).toMatchObject({ name: 'UpstreamFailure', code });
});

test('a rate limit is waited for as long as its header says', async () => {
	await using server = await serve((_request, response) => {
		response
			.writeHead(429, { 'x-ratelimit-reset': '2500' })
			.end('{"message":"Too many requests."}');
	});
	const error = await rejection(client(origin(server.url)).ask(contract, key, never));
	expect(error).toMatchObject({
		class: 'RATE_LIMIT',
		followUp: { kind: 'wait', atLeastMs: 3000 },
	});
});

describe('a key is in no part of an error', () => {
	const said = `wrong key ${key} in ?apikey=${encodeURIComponent(key)}`;

	test.each([
		['an unknown text', 418, JSON.stringify({ message: said })],
		['a PRO error', 404, JSON.stringify({ error: said, source: 'internal' })],
		['a refused key', 401, JSON.stringify({ error: said })],
		['an HTML page', 500, `<html>${said}</html>`],
		['a reset', 0, ''],
	])('after %s', async (_what, status, body) => {
		await using server = await serve((request, response) => {
			if (status === 0) request.socket.resetAndDestroy();
			else response.writeHead(status).end(body);
		});
		const error = await rejection(client(origin(server.url)).ask(contract, key, never));
		const shown = inspect(error, { depth: null, showHidden: true });
		for (const form of [key, encodeURIComponent(key), 'K3Y', 'smart-contracts']) {
			expect(shown).not.toContain(form);
		}
	});
});

test('a request that is given up rejects with the reason', async () => {
	const controller = new AbortController();
	await using server = await serve(() => controller.abort(new Error('stopping')));
	const error = await rejection(client(origin(server.url)).ask(contract, key, controller.signal));
	expect(error).toEqual(new Error('stopping'));
});
