import { isSpanContextValid, trace } from '@opentelemetry/api';
import { createLogger, type Logger, transports } from 'winston';
import { createRedact } from '../domain/redact.ts';
import type { Config } from './config.ts';
import { createClean } from './log/clean.ts';
import { createLineFormat, prettyFormat } from './log/line.ts';
import { createTelling } from './log/loki/telling.ts';
import { createLokiTransport } from './log/loki/transport.ts';
import { secretsOf } from './log/secrets.ts';
import { exportLog } from './metrics/log.ts';
import type { Metrics } from './metrics/registry.ts';

export interface Log {
	log: Logger;
	/** Lines that wait for Loki get this long to go there; stdout has them all. */
	close(ms: number): Promise<void>;
}

/**
 * One JSON line an event, on stdout unless that is for something else, and in Loki where there is one: constant
 * lower-case message, facts as fields. Pretty instead on a terminal.
 */
export function openLog(
	service: string,
	config: Config,
	{ registry, to = 'stdout' }: { registry?: Metrics; to?: 'stdout' | 'stderr' } = {},
): Log {
	const clean = createClean(createRedact(secretsOf(config)));
	const pretty = (config.LOG_FORMAT ?? (process[to].isTTY ? 'pretty' : 'json')) === 'pretty';
	const metrics =
		registry &&
		exportLog(registry, {
			waiting: () => loki?.sender.entries() ?? 0,
			failing: () => loki?.sender.failing() ?? false,
		});
	const log: Logger = createLogger({
		level: config.LOG_LEVEL,
		defaultMeta: {
			service,
			// Read when something is logged: winston may format it later, elsewhere.
			get trace_id() {
				return activeSpan()?.traceId;
			},
			get span_id() {
				return activeSpan()?.spanId;
			},
		},
		format: createLineFormat({
			clean,
			isEnabled: (level) => log.isLevelEnabled(level),
			written: (level) => metrics?.written(level),
		}),
		transports: [
			new transports.Console({
				...(pretty ? { format: prettyFormat } : {}),
				stderrLevels: to === 'stderr' ? ['error', 'warn', 'info', 'debug'] : [],
			}),
		],
	});
	for (const level of ['info', 'debug', 'silly'] as const) {
		// Winston does all its work for what nobody takes, too.
		if (!log.isLevelEnabled(level)) log[level] = () => log;
	}
	const loki =
		config.LOKI_URL === undefined
			? null
			: createLokiTransport({
					url: config.LOKI_URL,
					service,
					environment: config.APP_ENV,
					dropped: (reason, lines) => metrics?.dropped(reason, lines),
					changed: createTelling(log),
				});
	if (loki) log.add(loki);
	return { log, close: async (ms) => loki?.sender.close(ms) };
}

function activeSpan() {
	const span = trace.getActiveSpan()?.spanContext();
	return span && isSpanContextValid(span) ? span : undefined;
}
