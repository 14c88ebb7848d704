import { Gauge } from 'prom-client';
import type { Metrics } from './registry.ts';

/** An account whose calls of a day are counted, by its names in the configuration. */
export interface CountedAccount {
	upstream: string;
	account: string;
	/** Calls that it has left until 00:00 UTC, counted over all workers; rejects where that cannot be asked. */
	left(): Promise<number>;
}

/** Asked at every scrape, as others call too and the count begins anew at midnight. */
export function exportCallsLeft(registry: Metrics, accounts: readonly CountedAccount[]): void {
	new Gauge({
		name: 'upstream_calls_left_today',
		help: 'Calls that an account has left until 00:00 UTC, where its quota is known',
		labelNames: ['upstream', 'account'],
		registers: [registry],
		async collect() {
			await Promise.all(
				accounts.map(async ({ upstream, account, left }) => {
					const calls = await left().catch(() => null);
					if (calls === null) this.remove({ upstream, account });
					else this.set({ upstream, account }, calls);
				}),
			);
		},
	});
}
