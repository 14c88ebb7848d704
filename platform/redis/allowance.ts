import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Emit } from '../../domain/telemetry.ts';
import { ownConnection } from './call-limits.ts';
import { opened, type RedisClient } from './connection.ts';
import type { Share } from './share.ts';
import { createTogether } from './together.ts';

/** Null where it was taken, or the seconds until there is enough again. */
export type Take = (name: string, amount: number, perHour: number) => Promise<number | null>;

interface OpenAllowance {
	take: Take;
	close(): void;
}

const hour = 3_600;

/** What each client may take in an hour, over all servers; without Redis each server gives out its share. */
export async function openAllowance(
	redis: RedisClient,
	share: Share,
	emit: Emit,
): Promise<OpenAllowance> {
	const connection = ownConnection(redis);
	await opened(connection);
	const shared = new Map<number, RateLimiterRedis>();
	const alone = new Map<number, RateLimiterMemory>();
	const together = createTogether(emit);

	function sharedLimiter(points: number): RateLimiterRedis {
		const limiter =
			shared.get(points) ??
			new RateLimiterRedis({
				...{ storeClient: connection, rejectIfRedisNotReady: true },
				...{ keyPrefix: 'allowance', points, duration: hour },
			});
		shared.set(points, limiter);
		return limiter;
	}

	function ownLimiter(perHour: number): RateLimiterMemory {
		const points = Math.ceil(perHour / share.processes());
		const limiter = alone.get(points) ?? new RateLimiterMemory({ points, duration: hour });
		alone.set(points, limiter);
		return limiter;
	}

	return {
		take: (name, amount, perHour) =>
			together(
				() => from(sharedLimiter(perHour), name, amount),
				() => from(ownLimiter(perHour), name, amount),
			),
		close: () => connection.disconnect(),
	};
}

async function from(
	limiter: RateLimiterRedis | RateLimiterMemory,
	name: string,
	amount: number,
): Promise<number | null> {
	try {
		await limiter.consume(name, amount);
		return null;
	} catch (refusal) {
		if (!(refusal instanceof RateLimiterRes)) throw refusal;
		// The library counts what it refuses.
		await limiter.reward(name, amount);
		return Math.ceil(refusal.msBeforeNext / 1_000);
	}
}
