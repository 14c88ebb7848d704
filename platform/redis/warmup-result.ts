import { z } from 'zod';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RedisConnections } from './connection.ts';

/** How many contracts the last warm-up put into the cache, how many it left out, and when. */
export interface WarmupResult {
	filled: number;
	skipped: number;
	seconds: number;
	at: Date;
}

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

/** The warm-up ends before it can be scraped, so a server shows its result; nothing while Redis is away. */
export function showWarmup(metrics: Metrics, redis: RedisConnections): void {
	metrics.read('cache_warmup_entries', async () => {
		const last = await readWarmup(redis);
		return [
			[{ result: 'filled' }, last?.filled ?? 0],
			[{ result: 'skipped' }, last?.skipped ?? 0],
		];
	});
	metrics.read(
		'cache_warmup_duration_seconds',
		async () => (await readWarmup(redis))?.seconds ?? 0,
	);
	metrics.read('cache_warmup_last_success_timestamp_seconds', async () => {
		const last = await readWarmup(redis);
		return (last?.at.getTime() ?? 0) / 1_000;
	});
}
