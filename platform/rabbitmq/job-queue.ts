import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Job, JobQueue } from '../../domain/ports.ts';
import type { Reporter } from '../../domain/reporter.ts';
import { pause } from '../../domain/wait.ts';
import type { Broker, StandingChannel } from './connection.ts';
import { parseJob, writeJob } from './job-message.ts';
import { downloadQueue } from './queues.ts';

const confirmMs = 5_000;
/** A broker that took so long to confirm is not asked again for a while. */
const restMs = 10_000;

export interface Delivery {
	job: Job;
	/** The broker has handed this message out before. */
	redelivered: boolean;
	/** Ends the message; does nothing when its channel is gone, as the broker hands it out again. */
	ack(): void;
}

/** Publishes jobs with a confirm. Nothing is kept in memory for a broker that is away. */
export async function openJobQueue(broker: Broker): Promise<JobQueue> {
	let restsUntil = 0;
	const standing = await broker.confirmChannel(async (channel) => {
		// Confirmed, and yet in no queue: it was deleted. A closed channel declares it again.
		channel.on('return', () => {
			channel.close().catch(() => {});
		});
	});

	function trouble(): string | null {
		if (!standing.current) return 'is not connected';
		if (!broker.takesMessages()) return 'holds publishers back';
		return performance.now() < restsUntil ? 'has not confirmed lately' : null;
	}

	return {
		isOpen: () => trouble() === null,
		async depth() {
			const asked = broker.work((channel) => channel.checkQueue(downloadQueue));
			return (await inTime(asked, 'answered')).messageCount;
		},
		async publish(jobs) {
			const channel = standing.current;
			const reason = trouble();
			if (!channel || reason) throw new Error(`RabbitMQ ${reason}`);
			const confirmed = Promise.all(jobs.map((job) => send(channel, job)));
			try {
				await inTime(confirmed, 'confirmed');
			} catch (error) {
				if (error instanceof Late) {
					restsUntil = performance.now() + restMs;
					// With it goes what the library keeps of each message that is never confirmed.
					channel.close().catch(() => {});
				}
				throw error;
			}
		},
	};
}

class Late extends Error {}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
	const done = new AbortController();
	// It may fail after nobody waits for it any more.
	work.catch(() => {});
	try {
		const late = pause(confirmMs, done.signal).then(() => {
			throw new Late(`RabbitMQ has not ${what} within ${confirmMs} ms`);
		});
		late.catch(() => {});
		return await Promise.race([work, late]);
	} finally {
		done.abort();
	}
}

function send(channel: ConfirmChannel, job: Job): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const options = {
		mandatory: true,
		persistent: true,
		contentType: 'application/json',
		timestamp: Date.now(),
	};
	channel.sendToQueue(downloadQueue, writeJob(job), options, (error) => {
		if (error) reject(new Error('RabbitMQ did not take the job', { cause: error }));
		else resolve();
	});
	return promise;
}

export interface Consumer {
	/** Takes no further job; those handed out can still be ended. */
	stop(): Promise<void>;
}

/** Hands out jobs, at most `prefetch` at a time. What cannot be read goes to the dead letters. */
export async function consumeJobs(
	broker: Broker,
	prefetch: number,
	handle: (delivery: Delivery) => void,
	reporter: Reporter,
): Promise<Consumer> {
	const consumerTag = `worker-${process.pid}`;
	let stopped = false;
	const standing: StandingChannel<Channel> = await broker.channel(async (channel) => {
		if (stopped) return;
		await channel.prefetch(prefetch);
		await channel.consume(downloadQueue, (message) => receive(channel, message), { consumerTag });
	});

	function receive(channel: Channel, message: ConsumeMessage | null): void {
		// The queue is gone or has moved: a closed channel is opened again, and consumes again.
		if (!message) return void channel.close().catch(() => {});
		try {
			const job = parseJob(message.content);
			const { redelivered } = message.fields;
			handle({ job, redelivered, ack: () => end(() => channel.ack(message)) });
		} catch (error) {
			reporter.unreadable('queue', error);
			end(() => channel.nack(message, false, false));
		}
	}

	return {
		async stop() {
			stopped = true;
			await standing.current?.cancel(consumerTag).catch(() => {});
		},
	};
}

/** On a channel that was lost meanwhile this throws, and the message is already the broker's again. */
function end(answer: () => void): void {
	try {
		answer();
	} catch {}
}
