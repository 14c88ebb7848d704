import type { Upstream } from '../domain/ports.ts';
import type { RetryPolicy } from '../domain/retry.ts';
import type { Config } from '../platform/config.ts';
import { createEtherscan } from '../sources/etherscan/upstream.ts';
import type { JobOptions } from './jobs.ts';

export function jobOptions(config: Config): JobOptions {
	return {
		concurrency: config.WORKER_CONCURRENCY,
		prefetch: config.WORKER_PREFETCH ?? config.WORKER_CONCURRENCY,
		patienceMs: config.SHUTDOWN_MS / 2,
	};
}

export function retryPolicy(config: Config): RetryPolicy {
	return {
		maxAttempts: config.MAX_ATTEMPTS,
		baseMs: config.RETRY_BASE_MS,
		maxMs: config.RETRY_MAX_MS,
		random: Math.random,
	};
}

export function upstream(config: Config): Upstream {
	return createEtherscan({
		url: config.ETHERSCAN_URL,
		keys: config.ETHERSCAN_API_KEYS,
		timeoutMs: config.UPSTREAM_TIMEOUT_MS,
		maxBytes: config.UPSTREAM_MAX_BYTES,
		maxSourceBytes: config.SOURCE_MAX_BYTES,
	});
}
