import { Gauge } from 'prom-client';
import { waitSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import { createCounter, createHistogram, exportNumber } from './series.ts';

const operations = ['contractStatus', 'contractStatuses'] as const;
const transports = ['ws', 'sse'] as const;
const results = ['sent', 'dropped', 'failed'] as const;
const closings = [
	'1000',
	'1001',
	'1002',
	'1003',
	'1005',
	'1006',
	'1007',
	'1008',
	'1009',
	'1011',
	'4400',
	'4401',
	'4406',
	'4408',
	'4409',
	'4429',
	'4500',
	'other',
] as const;

type Operation = (typeof operations)[number];
type Closing = (typeof closings)[number];

/** Subscriptions that are open now. */
export function countSubscriptions(
	registry: Metrics,
): (operation: Operation, transport: (typeof transports)[number], by: 1 | -1) => void {
	const gauge = new Gauge({
		name: 'graphql_subscriptions_active',
		help: 'Subscriptions that are open, by field and transport',
		labelNames: ['operation', 'transport'],
		registers: [registry],
	});
	for (const operation of operations) {
		for (const transport of transports) gauge.set({ operation, transport }, 0);
	}
	return (operation, transport, by) => gauge.inc({ operation, transport }, by);
}

export interface DeliveryMetrics {
	event(operation: Operation, result: (typeof results)[number]): void;
	/** Seconds from the commit of an event until it was handed to its subscriber's socket. */
	took(operation: Operation, seconds: number): void;
}

export function createDeliveryMetrics(registry: Metrics): DeliveryMetrics {
	const events = createCounter(registry, {
		name: 'subscription_events_total',
		help: 'Events for subscribers: handed to the socket, left over by one who left, or sent as an error',
		labels: { operation: operations, result: results },
	});
	const took = createHistogram(registry, {
		name: 'subscription_delivery_seconds',
		help: "From an event's commit to its subscriber's socket, for events since the subscription began",
		labels: { operation: operations },
		buckets: waitSeconds,
	});
	return {
		event: (operation, result) => events({ operation, result }),
		took: (operation, seconds) => took({ operation }, seconds),
	};
}

export interface SocketMetrics {
	opened(): void;
	closed(code: number): void;
}

export function createSocketMetrics(registry: Metrics): SocketMetrics {
	const opened = createCounter(registry, {
		name: 'websocket_opened_total',
		help: 'WebSockets that were opened',
		labels: {},
	});
	const closed = createCounter(registry, {
		name: 'websocket_closed_total',
		help: 'WebSockets that were closed, by code; 1006: without a word',
		labels: { code: closings },
	});
	const known = new Set<string>(closings);
	return {
		opened: () => opened({}),
		// Only what is in the set is told.
		closed: (code) => closed({ code: known.has(`${code}`) ? (`${code}` as Closing) : 'other' }),
	};
}

export function exportConnections(registry: Metrics, webSockets: () => number): void {
	exportNumber(registry, {
		name: 'websocket_connections',
		help: 'WebSockets that are open',
		read: webSockets,
	});
}
