import type { JobQueue } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { pause } from '../../domain/wait.ts';
import type { Broker } from './connection.ts';
import { downloadQueue } from './queues.ts';
import { createSender, Late } from './sender.ts';

const confirmMs = 5_000;
/** A broker that took so long to confirm is not asked again for a while. */
const restMs = 10_000;

/** Publishes jobs with a confirm. Nothing is kept in memory for a broker that is away. */
export async function openJobQueue(broker: Broker, emit: Emit): Promise<JobQueue> {
	let restsUntil = 0;
	const sender = createSender(emit);
	const standing = await broker.confirmChannel(async (channel) => {
		// Confirmed, and yet in no queue: it was deleted. A closed channel declares it again.
		channel.on('return', (message) => {
			sender.returned(message);
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
		async publish(jobs, occasion) {
			const channel = standing.current;
			const reason = trouble();
			const sendings = jobs.map((job) => sender.begin(job, occasion));
			try {
				if (!channel || reason) throw new Error(`RabbitMQ ${reason}`);
				// One that is refused is no reason to know nothing of the others.
				const all = Promise.allSettled(sendings.map((sending) => sending.over(channel)));
				const refused = (await inTime(all, 'confirmed')).find((one) => one.status === 'rejected');
				if (refused) throw refused.reason;
			} catch (error) {
				for (const sending of sendings) sending.giveUp(error);
				if (error instanceof Late) {
					restsUntil = performance.now() + restMs;
					// With it goes what the library keeps of each message that is never confirmed.
					channel?.close().catch(() => {});
				}
				throw error;
			}
		},
	};
}

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
