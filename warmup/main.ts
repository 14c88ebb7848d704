import { warmUp } from '../domain/read-contract.ts';
import { pause } from '../domain/wait.ts';
import { openStores } from '../platform/open.ts';
import { writeWarmup } from '../platform/redis/contract-cache.ts';
import { runService } from '../platform/service.ts';

await runService('warmup', async (service) => {
	const { config, log, stack } = service;
	const stores = await openStores(service);
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), config.WARMUP_TIMEOUT_MS);
	stack.defer(() => clearTimeout(timer));
	stack.defer(() => stop.abort());
	const bounds = {
		count: config.WARMUP_COUNT,
		batch: config.WARMUP_BATCH,
		concurrency: config.WARMUP_CONCURRENCY,
	};
	const run = async () => {
		const started = performance.now();
		const warmed = await warmUp(stores, bounds, stop.signal);
		const seconds = (performance.now() - started) / 1000;
		await writeWarmup(stores.redis, { ...warmed, seconds, at: new Date() });
		log.info('cache warmed', { ...warmed, seconds, complete: !stop.signal.aborted });
	};
	// What hangs is not waited for past the time that was given.
	const late = new Promise<void>((resolve) =>
		stop.signal.addEventListener('abort', () => resolve()),
	);
	return {
		until: Promise.race([run(), late.then(() => pause(1_000, new AbortController().signal))]),
	};
});
