import type { RetryPolicy } from '../domain/retry.ts';
import type { Config } from '../platform/config.ts';
import type { JobOptions } from './jobs.ts';

export function jobOptions(config: Config): JobOptions {
	return {
		concurrency: config.WORKER_CONCURRENCY,
		prefetch: config.WORKER_PREFETCH ?? config.WORKER_CONCURRENCY,
		patienceMs: config.SHUTDOWN_MS / 2,
	};
}

export function downloadOptions(config: Config) {
	return {
		leaseMs: config.LEASE_MS,
		graceMs: config.GRACE_MS,
		notVerifiedMs: config.NOT_VERIFIED_MS,
		followProxies: config.FOLLOW_PROXIES,
		retry: retryPolicy(config),
	};
}

export function sweepOptions(config: Config) {
	return { graceMs: config.GRACE_MS, leaseMs: config.LEASE_MS, batch: config.SWEEP_BATCH };
}

function retryPolicy(config: Config): RetryPolicy {
	return {
		maxAttempts: config.MAX_ATTEMPTS,
		baseMs: config.RETRY_BASE_MS,
		maxMs: config.RETRY_MAX_MS,
		random: Math.random,
	};
}
