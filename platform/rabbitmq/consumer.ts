import type { Channel, ConsumeMessage } from 'amqplib';
import type { Emit } from '../../domain/telemetry.ts';
import type { Broker, StandingChannel } from './connection.ts';
import { type Delivery, deliveryOf } from './delivery.ts';
import { downloadQueue } from './queues.ts';

export interface Consumer {
	/** Takes no further job; those handed out can still be ended. */
	stop(): Promise<void>;
}

/** Hands out jobs, at most `prefetch` at a time. What cannot be read goes to the dead letters. */
export async function consumeJobs(
	broker: Broker,
	prefetch: number,
	handle: (delivery: Delivery) => void,
	emit: Emit,
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
		const started = performance.now();
		emit({ type: 'message.received', redelivered: message.fields.redelivered });
		try {
			handle(deliveryOf(message, () => end(() => channel.ack(message)), emit));
		} catch (error) {
			emit({
				type: 'message.dead-lettered',
				error,
				seconds: (performance.now() - started) / 1_000,
			});
			end(() => channel.nack(message, false, false));
		}
	}

	/** On a channel that was lost meanwhile it throws, and the message is already the broker's again. */
	function end(answer: () => void): void {
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
