import type { Channel, ConsumeMessage } from 'amqplib';
import type { Job, TracedJob } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import type { Broker } from './connection.ts';
import { inProcessing, parseJob, traceHeader } from './job-message.ts';
import { downloadQueue } from './queues.ts';

/** A job that was handed to this worker. */
export interface ReceivedJob {
	job: Job;
	/** The broker has handed its message out before. */
	redelivered: boolean;
	/** Does the work on it, as a part of its trace. */
	handle<T>(work: () => Promise<T>): Promise<T>;
	/** Ends the message; does nothing when its channel is gone, as the broker hands it out again. */
	ack(): void;
}

interface Consumer {
	/** Takes no further job; those handed out can still be ended. */
	stop(): Promise<void>;
}

/** Hands out jobs, at most `prefetch` at a time. What cannot be read goes to the dead letters. */
export async function consumeJobs(
	broker: Broker,
	prefetch: number,
	handle: (received: ReceivedJob) => void,
	emit: Emit,
): Promise<Consumer> {
	const consumerTag = `worker-${process.pid}`;
	let stopped = false;
	const standing = await broker.channel(async (channel) => {
		if (stopped) return;
		await channel.prefetch(prefetch);
		await channel.consume(downloadQueue, (message) => receive(channel, message), { consumerTag });
	});

	function receive(channel: Channel, message: ConsumeMessage | null): void {
		// The queue is gone or has moved: a closed channel is opened again, and consumes again.
		if (!message) return void channel.close().catch(() => {});
		const started = performance.now();
		emit({ type: 'message.received', redelivered: message.fields.redelivered });
		try {
			handle(receivedJob(message, () => settle(() => channel.ack(message)), emit));
		} catch (error) {
			const seconds = (performance.now() - started) / 1_000;
			emit({ type: 'message.dead-lettered', error, seconds });
			settle(() => channel.nack(message, false, false));
		}
	}

	/** On a channel that was lost meanwhile it throws, and the message is already the broker's again. */
	function settle(answer: () => void): void {
		emit({ type: 'message.settled' });
		try {
			answer();
		} catch {}
	}

	return {
		async stop() {
			stopped = true;
			await standing.current?.cancel(consumerTag).catch(() => {});
		},
	};
}

/** Throws where the message is no job. */
function receivedJob(message: ConsumeMessage, ack: () => void, emit: Emit): ReceivedJob {
	const job = parseJob(message.content);
	const { headers, timestamp } = message.properties;
	// Of an untrusted message both may be anything.
	const sender: unknown = headers?.[traceHeader];
	const sent: unknown = timestamp;
	return {
		job,
		redelivered: message.fields.redelivered,
		handle(work) {
			const from = typeof sender === 'string' ? { sender } : { submission: null };
			return inProcessing(job, from, () => {
				if (typeof sent === 'number')
					emit({ type: 'message.started', waitedSeconds: Math.max(0, Date.now() - sent) / 1_000 });
				return work();
			});
		},
		ack,
	};
}

/** A job straight from the database, while there is no queue. */
export function directJob(job: TracedJob): ReceivedJob {
	return {
		job,
		redelivered: false,
		handle: (work) => inProcessing(job, { submission: job.trace }, work),
		ack() {},
	};
}
