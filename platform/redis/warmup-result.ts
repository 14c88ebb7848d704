import { z } from 'zod';
import type { WarmupResult } from '../metrics/warm-up.ts';
import type { RedisConnections } from './connection.ts';

const name = 'warmup:last';
const count = z.coerce.number();
const stored = z.object({ filled: count, skipped: count, seconds: count, at: z.coerce.date() });

/** What the last warm-up did, for as long as Redis keeps it; null when there was none. */
export async function readWarmup({ commands }: RedisConnections): Promise<WarmupResult | null> {
	return stored.safeParse(await commands.hgetall(name)).data ?? null;
}

export async function writeWarmup(
	{ commands }: RedisConnections,
	{ filled, skipped, seconds, at }: WarmupResult,
): Promise<void> {
	await commands.hset(name, { filled, skipped, seconds, at: at.toISOString() });
}
