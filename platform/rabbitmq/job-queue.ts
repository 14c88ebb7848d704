import { randomUUID } from 'node:crypto';
import type { ConfirmChannel } from 'amqplib';
import type { JobQueue, Occasion, TracedJob } from '../../domain/ports.ts';
import type { Emit, PublishOutcome } from '../../domain/telemetry.ts';
import { fail, within } from '../telemetry/tracing/spans.ts';
import type { Broker } from './connection.ts';
import { headersOf, startSending, writeJob } from './job-message.ts';
import { downloadQueue } from './queues.ts';

const confirmMs = 5_000;
/** A broker that took so long to confirm is not used again for a while. */
const suspendedMs = 10_000;

/** Publishes jobs with a confirm. Nothing is kept in memory for a broker that is away. */
export async function openJobQueue(broker: Broker, emit: Emit): Promise<JobQueue> {
	let suspendedUntil = 0;
	/** Messages that the broker has sent back; their confirms follow. */
	const returned = new Set<string>();
	const standing = await broker.confirmChannel(async (channel) => {
		// Confirmed, and yet in no queue: it was deleted. A closed channel declares it again.
		channel.on('return', ({ properties: { messageId } }) => {
			if (typeof messageId === 'string') returned.add(messageId);
			channel.close().catch(() => {});
		});
	});

	function trouble(): string | null {
		if (!standing.current) return 'is not connected';
		if (!broker.takesMessages()) return 'holds publishers back';
		return performance.now() < suspendedUntil ? 'has not confirmed lately' : null;
	}

	return {
		isOpen: () => trouble() === null,
		async depth() {
			const asked = broker.work((channel) => channel.checkQueue(downloadQueue));
			return (await inTime(asked, 'answered')).messageCount;
		},
		async publish(jobs, occasion) {
			const channel = standing.current;
			const reason = trouble();
			const messages = jobs.map((job) => createMessage(job, occasion, returned, emit));
			try {
				if (!channel || reason) throw new Error(`RabbitMQ ${reason}`);
				// One that is refused is no reason to know nothing of the others.
				const all = Promise.allSettled(messages.map((message) => message.send(channel)));
				const refused = (await inTime(all, 'confirmed')).find((one) => one.status === 'rejected');
				if (refused) throw refused.reason;
			} catch (error) {
				const late = error instanceof ConfirmTimeout;
				for (const message of messages) message.end(late ? 'timeout' : 'unavailable', error);
				if (late) {
					suspendedUntil = performance.now() + suspendedMs;
					// With it goes what the library keeps of each message that is never confirmed.
					channel?.close().catch(() => {});
				}
				throw error;
			}
		},
	};
}

/** One job on its way to the broker: its outcome is emitted once, however it ends. */
function createMessage(job: TracedJob, occasion: Occasion, returned: Set<string>, emit: Emit) {
	const started = performance.now();
	const span = startSending(job, occasion);
	const messageId = randomUUID();
	let ended = false;

	/** Nobody waits for it any more; does nothing where it has ended. */
	function end(outcome: PublishOutcome, error?: unknown): void {
		if (ended) return;
		ended = true;
		const seconds = (performance.now() - started) / 1_000;
		if (span && outcome !== 'ok') fail(span, error);
		span?.end();
		within(span, () => emit({ type: 'message.published', outcome, seconds }));
	}

	/** Resolves once the broker has confirmed it. */
	async function send(channel: ConfirmChannel): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const options = {
			mandatory: true,
			persistent: true,
			contentType: 'application/json',
			timestamp: Date.now(),
			messageId,
			headers: headersOf(span),
		};
		channel.sendToQueue(downloadQueue, writeJob(job), options, (error) => {
			// Its channel is closed then, maybe before the confirm has come.
			end(returned.delete(messageId) ? 'returned' : error ? outcomeOf(error) : 'ok', error);
			if (error) reject(new Error('RabbitMQ did not take the job', { cause: error }));
			else resolve();
		});
		await promise;
	}

	return { send, end };
}

/** The library has one message for a refusal of the broker, and others for a channel that is gone. */
function outcomeOf(error: Error): PublishOutcome {
	return error.message === 'message nacked' ? 'nack' : 'unavailable';
}

class ConfirmTimeout extends Error {}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
	// It may fail after nobody waits for it any more.
	work.catch(() => {});
	const { promise, reject } = Promise.withResolvers<never>();
	const late = () => reject(new ConfirmTimeout(`RabbitMQ has not ${what} within ${confirmMs} ms`));
	const timer = setTimeout(late, confirmMs);
	try {
		return await Promise.race([work, promise]);
	} finally {
		clearTimeout(timer);
	}
}
