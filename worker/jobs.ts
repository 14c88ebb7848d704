import { type DownloadContext, download } from '../domain/download.ts';
import type { Hands } from '../domain/sweep.ts';
import { patience, pause } from '../domain/wait.ts';
import type { Broker } from '../platform/rabbitmq/connection.ts';
import { consumeJobs } from '../platform/rabbitmq/consumer.ts';
import { type Delivery, directDelivery } from '../platform/rabbitmq/delivery.ts';

export interface JobOptions {
	concurrency: number;
	/** How many messages are held here at once, those being worked on included. */
	prefetch: number;
	/** How long a stopping worker lets its downloads go on before it gives them back. */
	patienceMs: number;
}

/** Pause after a failure of the database, so that an outage does not empty the queue in one go. */
const failurePauseMs = 1_000;

export interface Jobs extends Hands {
	stop(): Promise<void>;
}

/** Takes jobs from the queue until it is stopped; each message is acknowledged when its job ended. */
export async function startJobs(
	broker: Broker,
	context: DownloadContext,
	options: JobOptions,
): Promise<Jobs> {
	const waiting: Delivery[] = [];
	const running = new Set<Promise<void>>();
	const giveBack = new AbortController();
	let stopped = false;

	async function work(delivery: Delivery): Promise<void> {
		try {
			const { job, redelivered } = delivery;
			await delivery.handle(() => download(context, job, redelivered, giveBack.signal));
		} catch {
			// Reported already; due_at brings the job back.
			await pause(failurePauseMs, giveBack.signal);
		}
		delivery.ack();
	}

	function next(): void {
		while (!stopped && running.size < options.concurrency) {
			const delivery = waiting.shift();
			if (!delivery) return;
			const job = work(delivery).finally(() => {
				running.delete(job);
				next();
			});
			running.add(job);
		}
	}

	function take(delivery: Delivery): void {
		waiting.push(delivery);
		next();
	}

	const prefetch = Math.max(options.prefetch, options.concurrency);
	const consumer = await consumeJobs(broker, prefetch, take, context.emit);
	return {
		free: () => (stopped ? 0 : Math.max(0, options.concurrency - running.size - waiting.length)),
		begin(begun) {
			for (const job of begun) take(directDelivery(job));
		},
		async stop() {
			stopped = true;
			const timer = setTimeout(() => giveBack.abort(), options.patienceMs);
			// A broker that does not answer gives no further job either.
			await patience(consumer.stop(), options.patienceMs, giveBack.signal);
			await Promise.all(running);
			clearTimeout(timer);
		},
	};
}
