import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** One registry for each process, with what Node.js says of itself. */
export function openMetrics(service: string): Registry {
	const registry = new Registry();
	registry.setDefaultLabels({ service });
	collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
	return registry;
}

/** How many contracts the last warm-up put into the cache, how many it left out, and when. */
export interface WarmupResult {
	filled: number;
	skipped: number;
	seconds: number;
	at: Date;
}

/** The warm-up ends before it can be scraped, so whoever goes on running shows its result. */
export function exportWarmup(registry: Registry, read: () => Promise<WarmupResult | null>): void {
	const registers = [registry];
	const entries = new Gauge({
		name: 'cache_warmup_entries',
		help: 'Contracts of the last warm-up, by what became of them',
		labelNames: ['result'],
		registers,
		async collect() {
			const result = await read().catch(() => null);
			entries.set({ result: 'filled' }, result?.filled ?? 0);
			entries.set({ result: 'skipped' }, result?.skipped ?? 0);
			seconds.set(result?.seconds ?? 0);
			at.set((result?.at.getTime() ?? 0) / 1000);
		},
	});
	const seconds = new Gauge({
		name: 'cache_warmup_duration_seconds',
		help: 'How long the last warm-up took',
		registers,
	});
	const at = new Gauge({
		name: 'cache_warmup_last_success_timestamp_seconds',
		help: 'When the last warm-up ended, in Unix time; 0: never',
		registers,
	});
}
