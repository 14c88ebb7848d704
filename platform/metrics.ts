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
	const last = () => read().catch(() => null);
	new Gauge({
		name: 'cache_warmup_entries',
		help: 'Contracts of the last warm-up, by what became of them',
		labelNames: ['result'],
		registers,
		async collect() {
			const result = await last();
			this.set({ result: 'filled' }, result?.filled ?? 0);
			this.set({ result: 'skipped' }, result?.skipped ?? 0);
		},
	});
	new Gauge({
		name: 'cache_warmup_duration_seconds',
		help: 'How long the last warm-up took',
		registers,
		async collect() {
			this.set((await last())?.seconds ?? 0);
		},
	});
	new Gauge({
		name: 'cache_warmup_last_success_timestamp_seconds',
		help: 'When the last warm-up ended, in Unix time; 0: never',
		registers,
		async collect() {
			this.set(((await last())?.at.getTime() ?? 0) / 1000);
		},
	});
}

/** Subscriptions that are open now; what is returned counts one until it is called back. */
export function countSubscriptions(
	registry: Registry,
): (operation: string, transport: 'ws' | 'sse') => () => void {
	const gauge = new Gauge({
		name: 'graphql_subscriptions_active',
		help: 'Subscriptions that are open, by field and transport',
		labelNames: ['operation', 'transport'],
		registers: [registry],
	});
	return (operation, transport) => {
		gauge.inc({ operation, transport });
		return () => gauge.dec({ operation, transport });
	};
}

export function exportConnections(registry: Registry, webSockets: () => number): void {
	exportCount(registry, 'websocket_connections', 'WebSockets that are open', webSockets);
}

/** Redis channels that this process follows, and how many wait for what is told there. */
export function exportFeed(registry: Registry, feed: FeedSize): void {
	exportCount(registry, 'feed_channels', 'Redis channels that are followed', feed.channels);
	exportCount(registry, 'feed_listeners', 'Streams that listen to them', feed.listeners);
}

export interface FeedSize {
	channels(): number;
	listeners(): number;
}

function exportCount(registry: Registry, name: string, help: string, count: () => number): void {
	new Gauge({
		name,
		help,
		registers: [registry],
		collect() {
			this.set(count());
		},
	});
}
