import { z } from 'zod';
import { addressOrNull } from '../../domain/address.ts';
import type { Job } from '../../domain/ports.ts';

const message = z.object({
	chainId: z.int().min(0),
	address: z.string(),
	version: z.int().min(1),
});

export function writeJob({ chainId, address, version }: Job): Buffer {
	return Buffer.from(JSON.stringify({ chainId, address, version }));
}

/** Throws for anything that is not a job. */
export function parseJob(content: Buffer): Job {
	const { chainId, version, ...rest } = message.parse(JSON.parse(content.toString()));
	const address = addressOrNull(rest.address);
	if (!address) throw new Error('the message has no contract address');
	return { chainId, address, version };
}
