import { Writable } from 'node:stream';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { createLogger, type Logger, transports } from 'winston';
import { createRedact } from '../../../domain/redact.ts';
import type { Config } from '../../config.ts';
import type { Metrics } from '../metrics.ts';
import { createClean, errorFacts, secretsOf } from './clean.ts';
import { createLineFormat, prettyFormat } from './line.ts';
import { openLoki } from './loki.ts';

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
	{ metrics, to = 'stdout' }: { metrics?: Metrics; to?: 'stdout' | 'stderr' } = {},
): Log {
	const pretty = (config.LOG_FORMAT ?? (process[to].isTTY ? 'pretty' : 'json')) === 'pretty';
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
			clean: createClean(createRedact(secretsOf(config))),
			isEnabled: (level) => log.isLevelEnabled(level),
			written: (level) => metrics?.count('log_entries_total', { level }),
		}),
		transports: [
			new transports.Stream({
				...(pretty ? { format: prettyFormat } : {}),
				stream: inBatches(process[to]),
			}),
		],
	});
	for (const level of ['info', 'debug', 'silly'] as const) {
		// Winston does all its work for what nobody takes, too.
		if (!log.isLevelEnabled(level)) log[level] = () => log;
	}
	const loki = config.LOKI_URL
		? openLoki({
				url: config.LOKI_URL,
				labels: { service_name: service, env: config.APP_ENV },
				dropped: (reason, by) => metrics?.count('log_entries_dropped_total', { reason }, by),
				...reportOutages(log),
			})
		: null;
	if (loki) log.add(loki.transport);
	metrics?.read('log_buffer_entries', () => loki?.entries() ?? 0);
	metrics?.read('log_delivery_failing', () => Number(loki?.failing() ?? false));
	return { log, close: async (ms) => loki?.close(ms) };
}

/** Writes all lines of one turn of the event loop at once: each write is waited for, and costs as much as many. */
function inBatches(target: NodeJS.WriteStream): Writable {
	let lines = '';
	function flush(): void {
		const text = lines;
		lines = '';
		if (text !== '') target.write(text);
	}
	process.once('exit', flush);
	return new Writable({
		decodeStrings: false,
		write(line: string, _, done) {
			if (lines === '') setImmediate(flush);
			lines += line;
			done();
		},
	});
}

/** Logs that Loki is away, once a minute while that lasts, and that it is back. */
export function reportOutages(log: Pick<Logger, 'warn' | 'info'>, quietMs = 60_000) {
	const mayReport = createThrottle(quietMs);
	let reported = false;
	return {
		failed(error: Error) {
			if (mayReport() === null) return;
			log.warn('logs do not reach Loki', { error: errorFacts(error) });
			reported = true;
		},
		recovered() {
			if (reported) log.info('logs reach Loki again');
			reported = false;
		},
	};
}

/** Lets one of many through every `ms`: the number of those held back before it, or null. */
export function createThrottle(ms: number): () => number | null {
	let nextAt = 0;
	let held = 0;
	return () => {
		if (performance.now() < nextAt) {
			held += 1;
			return null;
		}
		const more = held;
		held = 0;
		nextAt = performance.now() + ms;
		return more;
	};
}

function activeSpan() {
	const span = trace.getActiveSpan()?.spanContext();
	return span && isSpanContextValid(span) ? span : undefined;
}
