import { expect } from 'vitest';
import { runAdmin } from './harness/admin.ts';
import { ask } from './harness/client.ts';
import { randomAddress, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

const admin = (system: System, ...args: string[]) => runAdmin(system, args);

const test = systemTest({ server: {} });

const submit = (address: string) => `mutation { submitContract(address: "${address}") { status } }`;
const read = `{ contract(address: "${weth}") { status } }`;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test('a key is made, used at once, limited, listed and revoked', async ({ system, server }) => {
	const made = await admin(system, 'keys', 'add', 'alice', '--contracts-per-hour', '1', '--json');
	const { key } = made.json<{ key: string }>();
	expect(key).toMatch(/^vf_[\w-]{32}$/);
	const twice = await admin(system, 'keys', 'add', 'alice');
	expect(twice).toMatchObject({ code: 2 });
	// Only its hash is stored.
	const rows = JSON.stringify(await system.database.query('select * from api_keys'));
	expect(rows).not.toContain(key);

	const first = await ask(server.url, submit(randomAddress()), {}, bearer(key));
	expect(first.errors).toBeUndefined();
	const second = await ask(server.url, submit(randomAddress()), {}, { 'x-api-key': key });
	expect(second.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
	// Everybody else is not concerned.
	expect((await ask(server.url, submit(randomAddress()))).errors).toBeUndefined();

	const changed = await admin(system, 'keys', 'limit', 'alice', '--requests-per-second', '7');
	expect(changed.code).toBe(0);
	const listed = await admin(system, 'keys', 'list', '--json');
	expect(listed.json()).toMatchObject({
		clients: [{ name: 'alice', contractsPerHour: 1, requestsPerSecond: 7, revokedAt: null }],
	});
	expect(JSON.stringify(listed.json())).not.toContain('hash');

	expect((await admin(system, 'keys', 'revoke', 'alice')).code).toBe(0);
	const fresh = await system.server();
	const refused = await fetch(`${fresh.url}/graphql`, {
		...{ method: 'POST', body: JSON.stringify({ query: read }) },
		headers: { 'content-type': 'application/json', ...bearer(key) },
	});
	expect(refused.status).toBe(401);
	expect(refused.headers.get('www-authenticate')).toBe('Bearer');
	expect(await refused.json()).toMatchObject({
		errors: [
			{
				message: expect.stringMatching(/not known here, or was revoked/),
				extensions: { code: 'UNAUTHENTICATED' },
			},
		],
	});
	await fresh.stop();
});

test('with keys for submissions everybody may read, and only holders submit', async ({
	system,
}) => {
	const [made, server] = await Promise.all([
		admin(system, 'keys', 'add', 'bob', '--json'),
		system.server({ ACCESS: 'keys-for-submissions' }),
	]);
	const { key } = made.json<{ key: string }>();
	expect((await ask(server.url, read)).errors).toBeUndefined();
	const refused = await ask(server.url, submit(randomAddress()));
	expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
	expect((await ask(server.url, submit(randomAddress()), {}, bearer(key))).errors).toBeUndefined();
	// The same through Etherscan's API, which would submit.
	const call = (more: string) =>
		fetch(
			`${server.url}/v2/api?module=contract&action=getabi&address=${randomAddress()}${more}`,
		).then((response) => response.json());
	expect(await call('&apikey=any')).toMatchObject({ status: '0', result: 'Invalid API Key' });
	expect(await call(`&apikey=${key}`)).toMatchObject({ result: expect.stringMatching(/fetched/) });
	await server.stop();
});

test('with keys for all nobody reads without one, and health and GraphiQL stay open', async ({
	system,
}) => {
	const [made, server] = await Promise.all([
		admin(system, 'keys', 'add', 'carol', '--json'),
		system.server({ ACCESS: 'keys-for-all' }),
	]);
	const { key } = made.json<{ key: string }>();
	const statusOf = async (path: string, headers: Record<string, string> = {}) =>
		(await fetch(`${server.url}${path}`, { headers })).status;
	const query = `/graphql?query=${encodeURIComponent(read)}`;
	expect(await statusOf(query)).toBe(401);
	expect(await statusOf(query, bearer(key))).toBe(200);
	expect(await statusOf(`/contracts/1/${weth}/files`)).toBe(401);
	expect(await statusOf('/graphql', { accept: 'text/html' })).toBe(200);
	expect(await statusOf('/readyz')).toBe(200);
	const call = `/v2/api?module=contract&action=getabi&address=${weth}`;
	expect(await (await fetch(`${server.url}${call}`)).json()).toMatchObject({
		...{ status: '0', result: 'Invalid API Key' },
	});
	await server.stop();
});
