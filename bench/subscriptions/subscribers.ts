import { once } from 'node:events';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { addressOf, type Change, now, type Said, type SubscribersPlan } from './messages.ts';

// Subscribes to each address over as many connections as it takes, and says so. A line on its input says how many events are
// to come; when they are there, it says when each came. Ends with its input.

const { url, run, first, count, each, ordered } = JSON.parse(
	process.argv[2] ?? '',
) as SubscribersPlan;
const query =
	'subscription ($address: Address!) { contractStatus(address: $address) { version status } }';
const connectingAtOnce = 50;

const received: Change[] = [];
const newest = new Map<number, number>();
let expected = Infinity;

function say(said: Said): void {
	process.stdout.write(`${JSON.stringify(said)}\n`);
}

function fail(reason: string): void {
	say({ message: 'failed', reason });
	process.exit(1);
}

interface Message {
	id: string;
	type: string;
	payload?: { data?: { contractStatus?: { version: number } } };
}

function take({ id, type, payload }: Message): void {
	const version = payload?.data?.contractStatus?.version;
	const contract = Number(id);
	const before = newest.get(contract) ?? 0;
	if (type !== 'next' || version === undefined || (ordered && version !== before + 1)) {
		fail(`a subscriber that had version ${before} got ${type} ${JSON.stringify(payload)}`);
		return;
	}
	newest.set(contract, version);
	received.push({ contract, version, at: now() });
	if (received.length === expected) finish();
}

function finish(): void {
	say({ message: 'done', changes: received, lateMs: 0 });
	received.length = 0;
	expected = Infinity;
}

/** Resolves when the server has taken all subscriptions of this connection. */
async function subscribe(from: number): Promise<void> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	await once(socket, 'open');
	const { promise, resolve } = Promise.withResolvers<void>();
	socket.on('close', (code) => fail(`a connection was closed with ${code}`));
	socket.send('{"type":"connection_init"}');
	await once(socket, 'message');
	socket.on('message', (data) => {
		const message = JSON.parse(String(data)) as Message;
		if (message.id !== 'all') take(message);
		else if (message.type === 'complete') resolve();
	});
	for (let n = from; n < Math.min(from + each, first + count); n += 1) {
		const payload = { query, variables: { address: addressOf(run, n) } };
		socket.send(JSON.stringify({ id: String(n), type: 'subscribe', payload }));
	}
	// One connection takes its messages in order: the answer says that it has taken them all.
	const payload = { query: '{ __typename }' };
	socket.send(JSON.stringify({ id: 'all', type: 'subscribe', payload }));
	await promise;
}

const next = Array.from(
	{ length: Math.ceil(count / each) },
	(_, index) => first + index * each,
).values();
await Promise.all(
	Array.from({ length: connectingAtOnce }, async () => {
		for (const from of next) await subscribe(from);
	}),
);
if (received.length > 0) fail('a subscriber of an address that nobody has submitted got something');
say({ message: 'ready' });
createInterface({ input: process.stdin })
	.on('line', (line) => {
		expected = Number(line);
		if (received.length === expected) finish();
	})
	.on('close', () => process.exit(0));
