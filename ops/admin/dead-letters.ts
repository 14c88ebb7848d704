import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import { z } from 'zod';
import type { Job } from '../../domain/ports.ts';
import type { Broker } from '../../platform/rabbitmq/connection.ts';
import { parseJob } from '../../platform/rabbitmq/job-message.ts';
import { deadQueue, downloadQueue } from '../../platform/rabbitmq/queues.ts';

export interface DeadLetter {
	/** Of its content, reason and times: letters that are the same in all of them share it. */
	id: string;
	/** The broker's word: `rejected` (could not be read), `delivery_limit`, `expired`, `maxlen`. */
	reason: string;
	/** To the second; null where the broker did not say. */
	diedAt: Date | null;
	content: Buffer;
	/** What it asks for; null where it cannot be read. */
	job: Job | null;
}

export type Verdict = 'keep' | 'remove';

/** A broker that limits deliveries counts being looked at, and throws a letter away after 20. */
const mostLooks = 8;

const deaths = z.array(
	z.object({ reason: z.string(), time: z.object({ value: z.number() }).optional() }),
);

/**
 * Shows the dead letters one after the other, and removes those that `judge` gives up. All others are held
 * unacknowledged until the end, and are then in the queue again: also when this process is killed. All of
 * them, and to the last, as a broker puts a part of them behind the others.
 */
export async function walkDeadLetters(
	broker: Broker,
	judge: (letter: DeadLetter) => Promise<Verdict>,
): Promise<void> {
	let looks = 0;
	let kept = 0;
	await broker.work(async (channel) => {
		for (let left = await depthOf(channel); left > 0; left -= 1) {
			const message = await channel.get(deadQueue);
			if (!message) return;
			looks = Math.max(looks, Number(message.properties.headers?.['x-delivery-count'] ?? 0));
			kept += 1;
			const verdict = await judge(letterOf(message));
			if (verdict === 'remove') {
				channel.ack(message);
				kept -= 1;
			}
		}
	});
	await returned(broker, kept);
	if (looks >= mostLooks) await renew(broker);
}

/** A closed channel's letters are back a moment later; somebody else may take them then. */
async function returned(broker: Broker, count: number): Promise<void> {
	await broker.work(async (channel) => {
		for (let tries = 100; tries > 0 && (await depthOf(channel)) < count; tries -= 1)
			await sleep(20);
	});
}

/** Writes every letter anew, in order, so that the broker counts from nothing: first the copy, then the end. */
async function renew(broker: Broker): Promise<void> {
	await broker.work(async (channel) => {
		for (let left = await depthOf(channel); left > 0; left -= 1) {
			const message = await channel.get(deadQueue);
			if (!message) return;
			const {
				'x-delivery-count': _,
				'x-acquired-count': __,
				...headers
			} = message.properties.headers ?? {};
			const { contentType, timestamp } = message.properties;
			await confirmed(channel, message.content, { headers, contentType, timestamp });
			channel.ack(message);
		}
	});
}

function confirmed(channel: ConfirmChannel, content: Buffer, properties: object): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	// Confirmed, and yet in no queue: it must not be the end of the original.
	channel.once('return', () => reject(new Error(`the queue ${deadQueue} is gone`)));
	channel.sendToQueue(
		deadQueue,
		content,
		{ ...properties, persistent: true, mandatory: true },
		(error) => (error ? reject(error) : resolve()),
	);
	return promise.finally(() => channel.removeAllListeners('return'));
}

async function depthOf(channel: ConfirmChannel): Promise<number> {
	return (await channel.checkQueue(deadQueue)).messageCount;
}

export interface QueueFacts {
	waiting: number;
	consumers: number;
	dead: number;
}

/** As the broker itself counts, without its management plug-in. */
export async function readQueueFacts(broker: Broker): Promise<QueueFacts> {
	return broker.work(async (channel) => {
		const { messageCount, consumerCount } = await channel.checkQueue(downloadQueue);
		return { waiting: messageCount, consumers: consumerCount, dead: await depthOf(channel) };
	});
}

/** Throws the waiting jobs away; the sweeper publishes what is due. */
export async function purgeJobs(broker: Broker): Promise<number> {
	return broker.work(async (channel) => (await channel.purgeQueue(downloadQueue)).messageCount);
}

function letterOf({ content, properties }: GetMessage): DeadLetter {
	const headers = properties.headers ?? {};
	const [last] = deaths.safeParse(headers['x-death']).data ?? [];
	const first: unknown = headers['x-first-death-reason'];
	const reason = last?.reason ?? (typeof first === 'string' ? first : 'unknown');
	const diedAt = last?.time ? new Date(last.time.value * 1_000) : null;
	const facts = JSON.stringify([reason, diedAt, properties.timestamp ?? null]);
	const id = createHash('sha256').update(facts).update(content).digest('hex').slice(0, 12);
	return { id, reason, diedAt, content, job: jobOrNull(content) };
}

function jobOrNull(content: Buffer): Job | null {
	try {
		return parseJob(content);
	} catch {
		return null;
	}
}
