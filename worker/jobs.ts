import { type DownloadContext, download } from '../domain/download.ts';
import { type Capacity, type SweepContext, sweep } from '../domain/sweep.ts';
import { patience, pause } from '../domain/wait.ts';
import { type Config, concurrencyOf } from '../platform/config.ts';
import type { Broker } from '../platform/rabbitmq/connection.ts';
import { consumeJobs, directJob, type ReceivedJob } from '../platform/rabbitmq/consumer.ts';

/** Pause after a failure of the database, so that an outage does not empty the queue in one go. */
const failurePauseMs = 1_000;

interface Jobs extends Capacity {
	/** Downloads may go on for half of the time that stopping may take; then they are given back. */
	stop(): Promise<void>;
}

/** Takes jobs from the queue until it is stopped; each message is acknowledged when its job ended. */
export async function startJobs(
	broker: Broker,
	context: DownloadContext,
	config: Config,
): Promise<Jobs> {
	const concurrency = concurrencyOf(config);
	const patienceMs = config.SHUTDOWN_MS / 2;
	const waiting: ReceivedJob[] = [];
	const running = new Set<Promise<void>>();
	const giveBack = new AbortController();
	let stopped = false;

	async function work(received: ReceivedJob): Promise<void> {
		try {
			const { job, redelivered } = received;
			await received.handle(() => download(context, job, redelivered, giveBack.signal));
		} catch {
			// Reported already; due_at brings the job back.
			await pause(failurePauseMs, giveBack.signal);
		}
		received.ack();
	}

	function next(): void {
		while (!stopped && running.size < concurrency) {
			const received = waiting.shift();
			if (!received) return;
			const job = work(received).finally(() => {
				running.delete(job);
				next();
			});
			running.add(job);
		}
	}

	function take(received: ReceivedJob): void {
		waiting.push(received);
		next();
	}

	// Messages held here at once, those being worked on included.
	const prefetch = Math.max(config.WORKER_PREFETCH ?? concurrency, concurrency);
	const consumer = await consumeJobs(broker, prefetch, take, context.emit);
	return {
		free: () => (stopped ? 0 : Math.max(0, concurrency - running.size - waiting.length)),
		begin(begun) {
			for (const job of begun) take(directJob(job));
		},
		async stop() {
			stopped = true;
			const timer = setTimeout(() => giveBack.abort(), patienceMs);
			// A broker that does not answer gives no further job either.
			await patience(consumer.stop(), patienceMs, giveBack.signal);
			await Promise.all(running);
			clearTimeout(timer);
		},
	};
}

/** Sweeps again and again, at once while there is more to do, until it is stopped. */
export function startSweeper(
	context: SweepContext,
	capacity: Capacity,
	intervalMs: number,
): { stop(): Promise<void> } {
	const stopped = new AbortController();

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			const more = await sweep(context, capacity).catch((error) => {
				context.emit({ type: 'sweep.failed', error });
				return false;
			});
			if (!more) await pause(intervalMs, stopped.signal);
		}
	}

	const ended = run();
	return {
		async stop() {
			stopped.abort();
			await ended;
		},
	};
}
