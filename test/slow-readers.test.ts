import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import type { ContractKey } from '../domain/contract.ts';
import { all, type Transport, watch, watchOne } from './harness/client.ts';
import { inspected, memoryOf } from './harness/memory.ts';
import { readStopping } from './harness/stopping-reader.ts';
import { openSystem } from './harness/system.ts';
import { openWriter } from './harness/writer.ts';

/** So many of each transport stop reading, and for how long at least; the long form waits a minute. */
const readers = Number(process.env['SLOW_READERS'] ?? 3);
const stoppedMs = Number(process.env['SLOW_MS'] ?? 0);

const changes = 1_000;
const transports: readonly Transport[] = ['ws', 'sse'];
const megabyte = 1024 * 1024;

interface Seen {
	version: number;
	/** Asked for by who follows several. */
	contract?: { address: string };
}

/** Large events, so that what is sent does not fit into the buffers of the kernel: 10 MB in all. */
const padding = `${'x'.repeat(10_000)}: version`;

test('a thousand changes pass readers who have stopped: no memory is kept for them, they get every one', {
	timeout: 300_000,
}, async () => {
	await using system = await openSystem();
	await using writer = await openWriter(system);
	// However slow the machine, nobody is taken for dead.
	const server = await system.server({ ...inspected, DEAD_PEER_MS: '600000' });
	const [busy, calm] = [writer.fresh(), writer.fresh()];
	for (const key of [busy, calm]) await writer.change(key);
	const one = `subscription { event: contractStatus(address: "${busy.address}", afterVersion: 0) { version ${padding} } }`;
	const many = `subscription { event: contractStatuses(addresses: ["${busy.address}", "${calm.address}"]) { version contract { address } ${padding} } }`;
	const queries = [many, ...Array.from({ length: readers - 1 }, () => one)];
	const slow = await Promise.all(
		transports.flatMap((transport) =>
			queries.map((query) => readStopping<Seen>(transport, server.url, query)),
		),
	);
	const live = transports.map((transport) =>
		watch(transport, server.url, watchOne, { address: busy.address, afterVersion: 0 }),
	);
	await Promise.all(slow.map(({ first }) => first));
	// What is made once, such as compiled code, is there before it is measured.
	await writer.change(busy, 100);
	for (const reader of slow) reader.stop();
	const before = await memoryOf(server);
	const stopped = setTimeout(stoppedMs);

	for (let round = 0; round < changes / 10; round += 1) {
		await writer.change(busy, 9);
		await writer.change(calm);
	}
	const expected = versionsTo(101 + changes * 0.9);
	for (const watching of live) {
		const seen: number[] = [];
		while (seen.length < expected.length) seen.push((await watching.next()).value?.version ?? 0);
		expect(seen).toEqual(expected);
	}
	await stopped;
	const after = await memoryOf(server);
	const grown = (after.used - before.used) / slow.length / megabyte;
	const resident = (after.resident - before.resident) / slow.length / megabyte;
	console.log(
		`${slow.length} readers stopped: ${grown.toFixed(3)} MB for each (${resident.toFixed(3)} MB resident)`,
	);
	expect(grown).toBeLessThan(1);

	// None has seen it all: what was sent did not just wait in the network.
	for (const { events } of slow) expect(events.length).toBeLessThan(changes);
	for (const reader of slow) reader.goOn();
	for (const key of [busy, calm]) await writer.finish(key);
	await Promise.all(slow.map(({ completed }) => completed));
	await Promise.all(live.map(all));
	for (const { events } of slow) {
		expect(versionsOf(events, busy)).toEqual(versionsTo(expected.length + 1));
		if (!events[0]?.contract) continue;
		expect(versionsOf(events, calm)).toEqual(versionsTo(changes / 10 + 2));
	}
});

test('who asks and asks without reading the answers is not read any more', {
	timeout: 180_000,
}, async () => {
	await using system = await openSystem();
	const server = await system.server({ ...inspected, REQUESTS_PER_SECOND_PER_CLIENT: '1000000' });
	const [rude, polite] = [await openPinger(server.url), await openPinger(server.url)];
	const before = await memoryOf(server);
	rude.socket.pause();
	for (const { socket } of [rude, polite]) {
		for (let count = 0; count < pings; count += 1) socket.send(ping);
	}
	await polite.answered;
	const grown = ((await memoryOf(server)).used - before.used) / megabyte;
	expect(grown).toBeLessThan((pings * ping.length) / megabyte / 4);
	rude.socket.resume();
	await rude.answered;
	for (const { socket } of [rude, polite]) socket.close();
});

/** 40 MB, and as much in answers. */
const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(960) } });
const pings = 40_000;

async function openPinger(url: string): Promise<{ socket: WebSocket; answered: Promise<void> }> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	await once(socket, 'open');
	socket.send('{"type":"connection_init"}');
	await once(socket, 'message');
	const { promise, resolve } = Promise.withResolvers<void>();
	let answers = 0;
	socket.on('message', () => {
		answers += 1;
		if (answers === pings) resolve();
	});
	return { socket, answered: promise };
}

function versionsOf(events: readonly Seen[], { address }: ContractKey): number[] {
	return events
		.filter(({ contract }) => !contract || contract.address.toLowerCase() === address)
		.map(({ version }) => version);
}

function versionsTo(last: number): number[] {
	return Array.from({ length: last }, (_, index) => index + 1);
}
