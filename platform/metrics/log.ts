import type { Metrics } from './registry.ts';
import { createCounter, exportNumber } from './series.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Why a line did not get into Loki: no room left, Loki refused it or kept failing on it, or the process ended. */
export type DropReason = 'full' | 'refused' | 'failed' | 'shutdown';

export interface LogMetrics {
	written(level: LogLevel): void;
	dropped(reason: DropReason, lines: number): void;
}

/** What is asked at each scrape. */
export interface LogDelivery {
	waiting(): number;
	failing(): boolean;
}

/** What the log tells of itself. */
export function exportLog(registry: Metrics, { waiting, failing }: LogDelivery): LogMetrics {
	const written = createCounter(registry, {
		name: 'log_entries_total',
		help: 'Lines that were logged',
		labels: { level: logLevels },
	});
	const dropped = createCounter(registry, {
		name: 'log_entries_dropped_total',
		help: 'Lines that did not get into Loki; standard output has them',
		labels: { reason: ['full', 'refused', 'failed', 'shutdown'] },
	});
	exportNumber(registry, {
		name: 'log_buffer_entries',
		help: 'Lines that wait to be sent to Loki',
		read: waiting,
	});
	exportNumber(registry, {
		name: 'log_delivery_failing',
		help: '1 while the last attempt to send lines to Loki failed',
		read: () => Number(failing()),
	});
	return {
		written: (level) => written({ level }),
		dropped: (reason, lines) => dropped({ reason }, lines),
	};
}
