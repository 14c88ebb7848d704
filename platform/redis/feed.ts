import { RedisPubSub } from 'graphql-redis-subscriptions';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { Feed, FeedListener } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { createAsking } from './asking.ts';
import type { RedisConnections } from './connection.ts';
import { inEnvelope, openEnvelope } from './envelope.ts';

interface Channel {
	name: string;
	listeners: Set<FeedListener>;
	subscription: number | null;
	/** The last of its subscribe and unsubscribe calls: the library loses count when they overlap. */
	work: Promise<void>;
}

/** Redis channels that this process follows, and how many streams listen to them. */
export interface FeedSize {
	channels(): number;
	listeners(): number;
}

/** Events over Redis pub/sub: one Redis subscription for all listeners of a contract. */
export function createFeed(redis: RedisConnections, emit: Emit): Feed & FeedSize {
	const { commands: publisher, subscriber } = redis;
	const pubsub = new RedisPubSub({ publisher, subscriber });
	const asking = createAsking(emit);
	const channels = new Map<string, Channel>();

	/** Brings the subscription in line with whether anybody listens. */
	async function settle(channel: Channel): Promise<void> {
		if (channel.listeners.size > 0 && channel.subscription === null) {
			channel.subscription = await pubsub.subscribe(channel.name, (payload) =>
				hand(channel, payload),
			);
		} else if (channel.listeners.size === 0 && channel.subscription !== null) {
			pubsub.unsubscribe(channel.subscription);
			channel.subscription = null;
		}
		if (channel.listeners.size === 0 && channels.get(channel.name) === channel) {
			channels.delete(channel.name);
		}
	}

	function hand(channel: Channel, payload: unknown): void {
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
			await asking('publish', () => pubsub.publish(channelName(event), inEnvelope(event)));
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
	};
}

function channelName(key: ContractKey): string {
	return `contract.status:${keyText(key)}`;
}
