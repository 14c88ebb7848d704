// Subscriptions with nothing around them: graphql-ws, ws, and a Repeater for each. `/metrics` says what it uses.
// What is published on Redis is pushed as it comes.
import { createServer } from 'node:http';
import { Repeater } from '@repeaterjs/repeater';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { ready } from './ready.mjs';

const schema = buildSchema(`
scalar Address
type StatusEvent { version: Int! status: String! }
type Query { none: Int }
type Subscription { contractStatus(address: Address!, chainId: Int! = 1): StatusEvent! }`);

const followers = new Map();
schema.getSubscriptionType().getFields().contractStatus.subscribe = (_root, { address }) =>
	new Repeater(async (push, stop) => {
		const pushes = followers.get(address) ?? new Set();
		followers.set(address, pushes.add(push));
		await stop;
		pushes.delete(push);
		if (pushes.size === 0) followers.delete(address);
	});

const redis = new Redis(process.env.REDIS_URL);
redis.on('pmessage', (_pattern, _channel, text) => {
	const { data } = JSON.parse(text);
	for (const push of followers.get(data.address) ?? []) push({ contractStatus: data });
});
await redis.psubscribe('contract.status:*');

const server = createServer((_request, response) => {
	const { heapUsed, external, rss } = process.memoryUsage();
	response.end(
		[
			`nodejs_heap_size_used_bytes ${heapUsed}`,
			`nodejs_external_memory_bytes ${external}`,
			`process_resident_memory_bytes ${rss}`,
		].join('\n'),
	);
});
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(0, '127.0.0.1', () => ready(server.address().port));
