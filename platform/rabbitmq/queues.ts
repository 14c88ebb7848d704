import type { Channel, ChannelModel } from 'amqplib';

export const downloadQueue = 'contracts.download';
export const deadQueue = 'contracts.dead';

const toDeadQueue = { deadLetterExchange: '', deadLetterRoutingKey: deadQueue };

/** Declares both queues: quorum where the broker has it, classic where not, else as they are. */
export async function declareQueues(model: ChannelModel): Promise<void> {
	await declare(model, deadQueue, {});
	await declare(model, downloadQueue, toDeadQueue);
}

async function declare(model: ChannelModel, name: string, options: object): Promise<void> {
	const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' }, ...options };
	const classic = { durable: true, ...options };
	const ways: ((channel: Channel) => Promise<unknown>)[] = [
		(channel) => channel.assertQueue(name, quorum),
		(channel) => channel.assertQueue(name, classic),
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
