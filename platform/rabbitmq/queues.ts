import type { Channel, ChannelModel } from 'amqplib';

export const downloadQueue = 'contracts.download';
export const deadQueue = 'contracts.dead';

const toDeadQueue = { deadLetterExchange: '', deadLetterRoutingKey: deadQueue };

/** A message whose workers died so often goes to the dead letters; its contract is published anew when due. */
const deliveryLimit = { 'x-delivery-limit': 20 };

/**
 * Declares both queues: quorum where the broker has it, with a delivery limit, classic where not. One that was
 * declared otherwise is used as it is.
 */
export async function declareQueues(model: ChannelModel): Promise<void> {
	await declare(model, deadQueue, {}, [{}]);
	await declare(model, downloadQueue, toDeadQueue, [deliveryLimit, {}]);
}

async function declare(
	model: ChannelModel,
	name: string,
	options: object,
	limits: readonly object[],
): Promise<void> {
	const quorums = limits.map((limit) => ({ 'x-queue-type': 'quorum', ...limit }));
	const ways: ((channel: Channel) => Promise<unknown>)[] = [
		...[...quorums, {}].map((own) => (channel: Channel) => {
			return channel.assertQueue(name, { durable: true, arguments: own, ...options });
		}),
		(channel) => channel.checkQueue(name),
	];
	let refusal: unknown;
	for (const way of ways) {
		// A refusal closes the channel, so each way has its own.
		const channel = await model.createChannel();
		channel.on('error', () => {});
		try {
			await way(channel);
			await channel.close();
			return;
		} catch (error) {
			refusal = error;
		}
	}
	throw new Error(`the queue ${name} cannot be declared`, { cause: refusal });
}
