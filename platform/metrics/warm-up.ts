import { Gauge } from 'prom-client';
import type { Metrics } from './registry.ts';

/** How many contracts the last warm-up put into the cache, how many it left out, and when. */
export interface WarmupResult {
	filled: number;
	skipped: number;
	seconds: number;
	at: Date;
}

/**
 * The warm-up ends before it can be scraped, so whoever goes on running shows its result; nothing while it cannot
 * be asked for.
 */
export function exportWarmup(registry: Metrics, read: () => Promise<WarmupResult | null>): void {
	const registers = [registry];
	new Gauge({
		name: 'cache_warmup_entries',
		help: 'Contracts of the last warm-up, by what became of them',
		labelNames: ['result'],
		registers,
		async collect() {
			const result = await known(read);
			this.reset();
			if (result === undefined) return;
			this.set({ result: 'filled' }, result?.filled ?? 0);
			this.set({ result: 'skipped' }, result?.skipped ?? 0);
		},
	});
	new Gauge({
		name: 'cache_warmup_duration_seconds',
		help: 'How long the last warm-up took',
		registers,
		async collect() {
			const result = await known(read);
			if (result === undefined) this.remove();
			else this.set(result?.seconds ?? 0);
		},
	});
	new Gauge({
		name: 'cache_warmup_last_success_timestamp_seconds',
		help: 'When the last warm-up ended, in Unix time; 0: never',
		registers,
		async collect() {
			const result = await known(read);
			if (result === undefined) this.remove();
			else this.set((result?.at.getTime() ?? 0) / 1_000);
		},
	});
}

/** Null: there was none; undefined: whoever knows is away. */
async function known<T>(read: () => Promise<T>): Promise<T | undefined> {
	return read().catch(() => undefined);
}
