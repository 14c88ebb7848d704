import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Message } from 'amqplib';
import type { Occasion, TracedJob } from '../../domain/ports.ts';
import type { Emit, PublishOutcome } from '../../domain/telemetry.ts';
import { fail, within } from '../telemetry/tracing/spans.ts';
import { writeJob } from './job-message.ts';
import { headersOf, startSending } from './message-spans.ts';
import { downloadQueue } from './queues.ts';

/** The broker has not confirmed in time. */
export class Late extends Error {}

/** One job on its way to the broker; it is told of once, however it ends. */
export interface Sending {
	/** Resolves once the broker has confirmed it. */
	over(channel: ConfirmChannel): Promise<void>;
	/** Nobody waits for it any more; does nothing where it has ended. */
	giveUp(reason: unknown): void;
}

export interface Sender {
	begin(job: TracedJob, occasion: Occasion): Sending;
	/** The broker has sent back what belongs to no queue; its confirm follows. */
	returned(message: Message): void;
}

export function createSender(emit: Emit): Sender {
	const returned = new Set<string>();

	return {
		begin(job, occasion) {
			const started = performance.now();
			const span = startSending(job, occasion);
			const messageId = randomUUID();
			let ended = false;

			function end(outcome: PublishOutcome, error?: unknown): void {
				if (ended) return;
				ended = true;
				const seconds = (performance.now() - started) / 1_000;
				if (span && outcome !== 'ok') fail(span, error);
				span?.end();
				within(span, () => emit({ type: 'message.published', outcome, seconds }));
			}

			return {
				async over(channel) {
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
						const back = returned.delete(messageId);
						// Its channel is closed then, maybe before the confirm has come.
						end(back ? 'returned' : error ? outcomeOf(error) : 'ok', error);
						if (error) reject(new Error('RabbitMQ did not take the job', { cause: error }));
						else resolve();
					});
					await promise;
				},
				giveUp: (reason) => end(reason instanceof Late ? 'timeout' : 'unavailable', reason),
			};
		},
		returned({ properties: { messageId } }) {
			if (typeof messageId === 'string') returned.add(messageId);
		},
	};
}

/** The library has one message for a refusal of the broker, and others for a channel that is gone. */
function outcomeOf(error: Error): PublishOutcome {
	return error.message === 'message nacked' ? 'nack' : 'unavailable';
}
