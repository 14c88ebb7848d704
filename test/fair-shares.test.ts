import { expect } from 'vitest';
import { ask, watch, watchOne } from './harness/client.ts';
import { randomAddress, verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

/** Clients are told apart as behind a proxy. */
const behindProxy = { TRUSTED_PROXIES: 'loopback' };
const as = (address: string) => ({ 'x-forwarded-for': address });

const test = systemTest();

const submitMany = `mutation ($addresses: [Address!]!) {
	submitContracts(addresses: $addresses) { address status nextAttemptAt }
}`;
const submitEach = `mutation ($addresses: [String!]!) {
	submitEach(addresses: $addresses) { contract { status } refusal { code message retryAfter } }
}`;

interface Submitted {
	submitContracts: { address: string; status: string; nextAttemptAt: string | null }[];
}

const addresses = (count: number) => Array.from({ length: count }, () => randomAddress());

async function submitAs(url: string, client: string, count: number) {
	const submitted: Submitted['submitContracts'] = [];
	while (submitted.length < count) {
		const some = { addresses: addresses(Math.min(100, count - submitted.length)) };
		const { data } = await ask<Submitted>(url, submitMany, some, as(client));
		submitted.push(...data.submitContracts);
	}
	return submitted;
}

/** Of each line, how many contracts wait there. */
async function lengths(system: System): Promise<number[]> {
	const rows = await system.database.query<{ length: number }>(
		'select count(*) as length from contracts where line is not null group by line order by 1',
	);
	return rows.map(({ length }) => Number(length));
}

test('one address does not wait behind five thousand of somebody else', async ({ system }) => {
	const slow = { ...behindProxy, ETHERSCAN_RPS: '5', SWEEP_INTERVAL_MS: '1000' };
	const [server, worker] = await Promise.all([system.server(slow), system.worker(slow)]);
	const many = await submitAs(server.url, '192.0.2.1', 5_000);
	const address = verified(system.emulator);
	const { data } = await ask<Submitted>(
		server.url,
		submitMany,
		{ addresses: [address] },
		as('192.0.2.2'),
	);
	const [one] = data.submitContracts;
	const events = await Array.fromAsync(
		watch('ws', server.url, watchOne, { address, afterVersion: 1 }),
	);
	expect(events.at(-1)?.status).toBe('SUCCESS');
	// It has overtaken nearly all of them, as both had been told.
	expect((await lengths(system))[0]).toBeGreaterThan(4_500);
	const last = Date.parse(many.at(-1)?.nextAttemptAt ?? '');
	const soon = Date.parse(one?.nextAttemptAt ?? events[0]?.at ?? '');
	expect(last - soon).toBeGreaterThan(800_000);
	await worker.stop();
	await server.stop();
	await system.database.query('delete from contracts');
});

test('lines advance side by side, and what is in one goes ahead for who has asked for few', async ({
	system,
}) => {
	// Nobody works yet, so that all that fits goes on the queue, and the rest stands in line.
	const server = await system.server({ ...behindProxy, ETHERSCAN_RPS: '10' });
	await submitAs(server.url, '192.0.2.11', 300);
	await submitAs(server.url, '2001:db8::1', 300);
	// Of the same network: the same client.
	await submitAs(server.url, '2001:db8::2', 100);
	const before = await lengths(system);
	expect(before).toHaveLength(2);

	const [waiting] = await system.database.query<{ address: string }>(
		"select concat('0x', lower(hex(address))) as address from contracts where line is not null order by submitted_at desc limit 1",
	);
	const address = waiting?.address ?? '';
	await ask(server.url, submitMany, { addresses: [address] }, as('192.0.2.13'));
	const worker = await system.worker({ ETHERSCAN_RPS: '10' });
	const events = await Array.fromAsync(
		watch('ws', server.url, watchOne, { address, afterVersion: 1 }),
	);
	expect(events.at(-1)?.status).toBe('ERROR');
	const after = await lengths(system);
	expect(after).toHaveLength(2);
	await worker.stop();
	const taken = before.map((length, index) => length - (after[index] ?? 0));
	// One line was as fast as the other; the last step may have had one to give away, and one went ahead.
	expect(Math.abs((taken[0] ?? 0) - (taken[1] ?? 0))).toBeLessThanOrEqual(20);
	await server.stop();
	await system.database.query('delete from contracts');
});

test('a client that has too much waiting is told so, a duplicate costs nothing, and others go on', async ({
	system,
}) => {
	const server = await system.server({
		...behindProxy,
		...{ ETHERSCAN_RPS: '5', MAX_WAITING_PER_CLIENT: '50', MAX_WAITING: '120' },
	});
	const submit = (client: string, list: readonly string[]) =>
		ask<Submitted | null>(server.url, submitMany, { addresses: list }, as(client));
	const first = addresses(60);
	expect((await submit('192.0.2.21', first)).errors).toBeUndefined();
	const refused = await submit('192.0.2.21', addresses(60));
	expect(refused.errors).toMatchObject([
		{
			message: expect.stringMatching(/contracts of yours wait already/),
			extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) },
		},
	]);
	// What it has submitted already is no new one.
	for (let again = 0; again < 5; again += 1) {
		expect((await submit('192.0.2.21', first)).errors).toBeUndefined();
	}
	// Of many, what is known is answered beside what is refused.
	const each = await ask<{ submitEach: unknown[] }>(
		server.url,
		submitEach,
		{ addresses: [...first.slice(0, 1), ...addresses(60)] },
		as('192.0.2.21'),
	);
	expect(each.errors).toBeUndefined();
	const refusal = { code: 'RATE_LIMITED', retryAfter: expect.any(Number) };
	expect(each.data.submitEach).toMatchObject([
		{ contract: { status: expect.stringMatching(/^(?:CREATED|PROCESS)$/) }, refusal: null },
		...Array(60).fill({ contract: null, refusal }),
	]);
	expect((await submit('192.0.2.22', addresses(5))).errors).toBeUndefined();
	// All together have a bound too.
	expect((await submit('192.0.2.23', addresses(40))).errors).toBeUndefined();
	expect((await submit('192.0.2.24', addresses(40))).errors).toMatchObject([
		{
			message: expect.stringMatching(/^So many contracts wait already/),
			extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) },
		},
	]);
	await server.stop();
	await system.database.query('delete from contracts');

	const bounded = { ...behindProxy, CONTRACTS_PER_HOUR_PER_CLIENT: '150' };
	const [hourly, other] = await Promise.all([system.server(bounded), system.server(bounded)]);
	const at = (url: string, list: readonly string[]) =>
		ask<Submitted | null>(url, submitMany, { addresses: list }, as('192.0.2.31'));
	expect((await at(hourly.url, addresses(100))).errors).toBeUndefined();
	// Over all servers.
	expect((await at(other.url, addresses(100))).errors).toMatchObject([
		{
			message: expect.stringMatching(/150 new contracts in an hour/),
			extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) },
		},
	]);
	// A refusal is not charged.
	expect((await at(other.url, addresses(50))).errors).toBeUndefined();
	await hourly.stop();
	await other.stop();
});
