import type { ConsumeMessage } from 'amqplib';
import type { Job, TracedJob } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { parseJob } from './job-message.ts';
import { inDelivery, inDirectWork, traceHeader } from './message-spans.ts';

/** A job that was handed to this worker. */
export interface Delivery {
	job: Job;
	/** The broker has handed this message out before. */
	redelivered: boolean;
	/** Does the work on it, as a part of its trace. */
	handle<T>(work: () => Promise<T>): Promise<T>;
	/** Ends the message; does nothing when its channel is gone, as the broker hands it out again. */
	ack(): void;
}

/** Throws where the message is no job. */
export function deliveryOf(message: ConsumeMessage, ack: () => void, emit: Emit): Delivery {
	const job = parseJob(message.content);
	const { headers, timestamp } = message.properties;
	// Of a stranger's message it may be anything.
	const sender: unknown = headers?.[traceHeader];
	const sent: unknown = timestamp;
	return {
		job,
		redelivered: message.fields.redelivered,
		handle(work) {
			return inDelivery(job, typeof sender === 'string' ? sender : null, () => {
				if (typeof sent === 'number')
					emit({ type: 'message.started', waitedSeconds: Math.max(0, Date.now() - sent) / 1_000 });
				return work();
			});
		},
		ack,
	};
}

/** A job from the database, while there is no queue. */
export function directDelivery(job: TracedJob): Delivery {
	return {
		job,
		redelivered: false,
		handle: (work) => inDirectWork(job, work),
		ack() {},
	};
}
