import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hashKey } from '../domain/api-key.ts';
import { nowhere } from '../ops/run/settings.ts';
import { readConfig } from '../platform/config.ts';
import { networkOf } from './client-address.ts';
import { createClients } from './clients.ts';
import { createKeyDirectory } from './key-directory.ts';

const limits = { requestsPerSecond: null, contractsPerHour: null, mostInLine: null };
const row = (more = {}) => ({
	...{ id: 1, name: 'a', hash: hashKey('vf_a'), createdAt: new Date(0), revokedAt: null },
	...limits,
	...more,
});
const from = (address: string, headers: Record<string, string> = {}) =>
	({ socket: { remoteAddress: address }, headers }) as unknown as IncomingMessage;
const config = (more = {}) => readConfig({ ...nowhere, ...more });

test.each([
	['192.0.2.1', '192.0.2.1'],
	['::ffff:192.0.2.1', '192.0.2.1'],
	['192.0.2.1:55123', '192.0.2.1'],
	['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
	['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
	['<script>', 'unknown'],
])('%s is a client at %s', (address, network) => expect(networkOf(address)).toBe(network));

test('a key that is read again keeps what its client has used, and is another once it was changed', async () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const stop = new AbortController();
	let rows = [row()];
	const keys = createKeyDirectory(
		{ list: async () => rows.map((one) => ({ ...one })), find: async () => null },
		stop.signal,
	);
	await vi.advanceTimersByTimeAsync(1);
	const clients = createClients(config(), keys, async () => null);
	const first = await clients.holding('vf_a');
	await vi.advanceTimersByTimeAsync(6_000);
	expect(await clients.holding('vf_a')).toBe(first);
	if (!first) throw new Error('the key is not known');
	expect(clients.now(first)).toBe(first);
	rows = [row({ requestsPerSecond: 7 })];
	await vi.advanceTimersByTimeAsync(6_000);
	expect(clients.now(first)).toMatchObject({ policy: '"requests";q=7;w=1' });
	rows = [row({ revokedAt: new Date(1) })];
	await vi.advanceTimersByTimeAsync(6_000);
	expect(clients.now(first)).toBeNull();
	stop.abort();
});

test('who makes up keys is asked for as many of them as it may send requests', async () => {
	const look = vi.fn(async () => null);
	const keys = { known: () => undefined, look };
	const clients = createClients(
		config({ REQUESTS_PER_SECOND_PER_CLIENT: '3' }),
		keys,
		async () => null,
	);
	for (let n = 0; n < 10; n += 1) {
		await clients.of(from('192.0.2.1', { 'x-api-key': `vf_${n}` }));
	}
	expect(look).toHaveBeenCalledTimes(3);
});

test('what is charged and not stored is given back', async () => {
	const taken: number[] = [];
	const take = async (_: string, amount: number) => {
		taken.push(amount);
		return null;
	};
	const keys = { known: () => null, look: async () => null };
	const clients = createClients(config({ CONTRACTS_PER_HOUR_PER_CLIENT: '100' }), keys, take);
	const client = clients.at(from('192.0.2.1'));
	await client.charge(10);
	client.refund(10);
	await client.charge(10);
	expect(taken).toEqual([10]);
});
