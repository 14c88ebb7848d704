import { Gauge } from 'prom-client';
import type { Metrics } from './registry.ts';
import { exportNumber } from './series.ts';

/** Subscriptions that are open now; what is returned counts one until it is called back. */
export function countSubscriptions(
	registry: Metrics,
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

export function exportConnections(registry: Metrics, webSockets: () => number): void {
	exportNumber(registry, {
		name: 'websocket_connections',
		help: 'WebSockets that are open',
		read: webSockets,
	});
}
