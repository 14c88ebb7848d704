import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Cluster } from 'ioredis';
import { z } from 'zod';
import {
	type ContractKey,
	keyText,
	type StatusEvent,
	statusEvents,
} from '../../domain/contract.ts';
import type { Feed, FeedListener } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { isTraced, traceParent } from '../telemetry/tracing/spans.ts';
import type { RedisConnections } from './connection.ts';
import { observed } from './observe.ts';

/** An event as it is published: pub/sub has no headers for its trace. */
const envelope = z.object({
	v: z.literal(1),
	/** The version of the definition of `data`; a former release says none. */
	format: z.string().optional(),
	/** The span in which it is published; where that is not kept, the one that caused the change. */
	traceparent: z.string().nullable(),
	/** By the clock of the process that publishes, RFC 3339; for a person who listens at Redis. No process reads it. */
	emittedAt: z.unknown().optional(),
	data: z.unknown(),
});

export function inEnvelope({ trace, ...data }: StatusEvent) {
	const traceparent = isTraced() ? traceParent() : trace;
	const emittedAt = new Date().toISOString();
	const { version: format } = statusEvents;
	return { v: 1, format, traceparent, emittedAt, data } satisfies z.input<typeof envelope>;
}

/** Throws when the payload is no event. A bare one is of an early release, which may run beside this one. */
export function openEnvelope(payload: unknown): StatusEvent {
	if (typeof payload !== 'object' || payload === null || !('v' in payload)) {
		return statusEvents.revive(payload, null);
	}
	const { data, format, traceparent } = envelope.parse(payload);
	return { ...statusEvents.revive(data, format), trace: traceparent };
}

interface Channel {
	name: string;
	listeners: Set<FeedListener>;
	subscription: number | null;
	/** The last of its subscribe and unsubscribe calls: the library loses count when they overlap. */
	work: Promise<void>;
}

/** Redis channels that this process follows, and how many streams listen to them. */
interface FeedSize {
	channels(): number;
	listeners(): number;
}

/** Events over Redis pub/sub: one Redis subscription for all listeners of a contract. */
export function createFeed(redis: RedisConnections, emit: Emit): Feed & FeedSize {
	const { commands: publisher, subscriber } = redis;
	const pubsub = new RedisPubSub({ publisher, subscriber });
	const channels = new Map<string, Channel>();

	/** Brings the subscription in line with whether anybody listens. */
	async function settle(channel: Channel): Promise<void> {
		if (channel.listeners.size > 0 && channel.subscription === null) {
			channel.subscription = await pubsub.subscribe(channel.name, (payload) =>
				handOn(channel, payload),
			);
		} else if (channel.listeners.size === 0 && channel.subscription !== null) {
			pubsub.unsubscribe(channel.subscription);
			channel.subscription = null;
		}
		if (channel.listeners.size === 0 && channels.get(channel.name) === channel) {
			channels.delete(channel.name);
		}
	}

	function handOn(channel: Channel, payload: unknown): void {
		try {
			const event = openEnvelope(payload);
			for (const listener of channel.listeners) listener.event(event);
		} catch (error) {
			emit({ type: 'message.unreadable', where: 'feed', error });
			for (const listener of channel.listeners) listener.gap();
		}
	}

	function schedule(channel: Channel): Promise<void> {
		channel.work = channel.work
			.then(() => settle(channel))
			.catch((error) => emit({ type: 'message.unreadable', where: 'feed', error }));
		return channel.work;
	}

	// Whatever was published while the connection was down was published to nobody. The answer to
	// this ping comes after those to the subscriptions that were taken up again before it.
	subscriber.on('ready', async () => {
		await subscriber.ping().catch(() => {});
		for (const channel of channels.values()) {
			for (const listener of channel.listeners) listener.gap();
		}
	});

	return {
		channels: () => channels.size,
		listeners: () => channels.values().reduce((sum, { listeners }) => sum + listeners.size, 0),
		async publish(event) {
			const name = channelName(event);
			await observed(emit, 'publish', () => pubsub.publish(name, inEnvelope(event)));
		},
		attach(key, listener) {
			const name = channelName(key);
			const channel = channels.get(name) ?? {
				name,
				listeners: new Set(),
				subscription: null,
				work: Promise.resolve(),
			};
			channels.set(name, channel);
			channel.listeners.add(listener);
			// Attached late, after the listener gave up waiting, it has to read once more.
			const attached = schedule(channel).then(() => listener.gap());
			return {
				attached,
				detach() {
					if (channel.listeners.delete(listener)) void schedule(channel);
				},
			};
		},
		async followed(keys) {
			const names = keys.map(channelName);
			// A node of a cluster knows of its own followers only.
			const nodes = publisher instanceof Cluster ? publisher.nodes() : [publisher];
			const counts = await Promise.all(nodes.map((node) => node.pubsub('NUMSUB', ...names)));
			// Of each: a name, its count, a name, its count.
			return names.map((_, index) => counts.some((of) => Number(of[2 * index + 1]) > 0));
		},
	};
}

function channelName(key: ContractKey): string {
	return `contract.status:${keyText(key)}`;
}
