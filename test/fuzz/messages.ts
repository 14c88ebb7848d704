import type { Channel } from 'amqplib';
import type { Redis } from 'ioredis';
import { parseAddress } from '../../domain/address.ts';
import { downloadQueue } from '../../platform/rabbitmq/queues.ts';
import { cacheKey } from '../../platform/redis/contract-cache.ts';
import type { Choices } from './choices.ts';
import type { Known } from './values.ts';

/** What somebody puts where only the product itself writes. */
export type Message =
	| { to: 'queue'; content: string; headers: Record<string, unknown>; timestamp: number }
	| { to: 'channel'; address: string; content: string }
	| { to: 'cache'; address: string; fields: Record<string, string>; home: boolean }
	| { to: 'cache'; address: string; text: string };

/** The protocol has a form for each of them. */
const oddHeaders = [
	7,
	true,
	{ a: ['x', 1] },
	'00-00000000000000000000000000000000-0000000000000000-01',
];

export function makeMessage(known: Known, choices: Choices): Message {
	const address = parseAddress(choices.pick(known.contracts));
	switch (choices.whole(4)) {
		case 0:
			return {
				to: 'queue',
				content: choices.oneIn(2) ? makeJob(address, choices) : makeText(choices),
				headers: choices.oneIn(2)
					? { traceparent: choices.pick([choices.oddText(), ...oddHeaders]) }
					: {},
				timestamp: choices.pick([0, Date.now(), 2 ** 40]),
			};
		case 1:
			return { to: 'channel', address, content: makeText(choices) };
		case 2:
			return { to: 'cache', address, text: choices.oddText() };
		default: {
			const names = ['data', 'version', 'ticket'].filter(() => !choices.oneIn(3));
			const fields = Object.fromEntries(names.map((name) => [name, makeText(choices)]));
			return { to: 'cache', address, fields, home: !choices.oneIn(4) };
		}
	}
}

function makeJob(address: string, choices: Choices): string {
	const job = { chainId: 1, address, version: 1 + choices.whole(4) };
	const field = choices.pick(['chainId', 'address', 'version', 'more', 'none'] as const);
	return JSON.stringify(field === 'none' ? job : { ...job, [field]: choices.odd() });
}

/** Nobody but the product knows the version that it writes with, and so none of them counts as checked. */
function makeText(choices: Choices): string {
	const odd = choices.odd();
	const made = [
		() => choices.oddText(),
		() => JSON.stringify(odd) ?? '',
		() => JSON.stringify({ v: 1, format: null, traceparent: odd, data: choices.odd() }),
		() =>
			JSON.stringify({ chainId: 1, status: odd, version: choices.odd(), at: choices.oddText() }),
		() => JSON.stringify({ v: odd, data: odd }),
	];
	return choices.pick(made)();
}

export interface Places {
	channel: Channel;
	redis: Redis;
	/** Of the Redis that runs now: an entry that says another home is none. */
	home: string;
}

export async function sendMessage(
	{ channel, redis, home }: Places,
	message: Message,
): Promise<void> {
	if (message.to === 'queue') {
		const { content, headers, timestamp } = message;
		channel.sendToQueue(downloadQueue, Buffer.from(content), { timestamp, headers });
		return;
	}
	const key = { chainId: 1, address: parseAddress(message.address) };
	if (message.to === 'channel') {
		await redis.publish(`contract.status:1:${key.address}`, message.content);
		return;
	}
	await redis.del(cacheKey(key));
	if ('text' in message) await redis.set(cacheKey(key), message.text);
	else {
		const fields = message.home ? { home, ...message.fields } : message.fields;
		if (Object.keys(fields).length > 0) await redis.hset(cacheKey(key), fields);
	}
}
