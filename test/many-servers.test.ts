import { expect } from 'vitest';
import { all, ask, type Transport, watch, watchOne } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';
import { untilMetric } from './harness/metrics.ts';
import type { ServerProcess } from './harness/system.ts';

/** Nothing comes by reading the database now and then: what comes was published, or was missed and noticed. */
const neverPoll = { FOLLOW_POLL_MS: '3600000' };

const test = systemTest()
	.extend('here', { scope: 'file' }, ({ system }) => system.server(neverPoll))
	.extend('there', { scope: 'file' }, ({ system }) => system.server(neverPoll));

function follow(here: ServerProcess, address: string, transport: Transport = 'ws') {
	return watch(transport, here.url, watchOne, { address, afterVersion: 0 });
}

test.for<Transport>(['ws', 'sse'])(
	'a subscriber over %s sees what is submitted through another server',
	async (transport, { writer, here, there }) => {
		const key = writer.fresh();
		const events = all(follow(here, key.address, transport));
		await untilMetric(here, 'feed_channels', 1);
		await ask(there.url, 'mutation ($a: Address!) { submitContract(address: $a) { version } }', {
			a: key.address,
		});
		await writer.change(key);
		await writer.finish(key);
		expect((await events).map(({ version }) => version)).toEqual([1, 2, 3]);
	},
);

test('an event that reached nobody is read when the next one shows the gap', async ({
	writer,
	here,
}) => {
	const key = writer.fresh();
	const watching = follow(here, key.address);
	const first = watching.next();
	await untilMetric(here, 'feed_channels', 1);
	await writer.change(key);
	expect((await first).value?.version).toBe(1);
	await writer.changeUnannounced(key);
	await writer.changeUnannounced(key);
	await writer.change(key);
	await writer.finish(key);
	expect((await all(watching)).map(({ version }) => version)).toEqual([2, 3, 4, 5]);
});

test('what was published while Redis was away is read as soon as it is back', async ({
	system,
	writer,
	here,
}) => {
	const key = writer.fresh();
	const watching = follow(here, key.address);
	const first = watching.next();
	await untilMetric(here, 'feed_channels', 1);
	await writer.change(key);
	expect((await first).value?.version).toBe(1);
	await writer.changeUnannounced(key);
	await system.redis.client('KILL', 'TYPE', 'pubsub');
	expect((await watching.next()).value?.version).toBe(2);
	// The channel is followed again: the next one is published, not read.
	await writer.change(key);
	await writer.finish(key);
	expect((await all(watching)).map(({ version }) => version)).toEqual([3, 4]);
});
