import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { readConfig } from '../../platform/config.ts';
import { openLog } from '../../platform/telemetry/log/open.ts';
import { openMetrics } from '../../platform/telemetry/metrics.ts';
import { openTracing } from '../../platform/telemetry/tracing/open.ts';
import { inSpan } from '../../platform/telemetry/tracing/spans.ts';
import type { Command, Report } from './protocol.ts';

/** A process that does nothing but log, as its parent says. */
const config = readConfig({
	MYSQL_URL: 'mysql://localhost/none',
	RABBITMQ_URL: 'amqp://localhost',
	REDIS_URL: 'redis://localhost',
	LOG_LEVEL: 'debug',
	LOG_FORMAT: 'json',
	LOKI_URL: process.argv[2],
});
const metrics = openMetrics('server', config);
const { log, close } = openLog('verifeed-writer', config, { metrics });
await openTracing('verifeed-writer', config, metrics);
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();

let logged = 0;
const times: number[] = [];
const levels = [
	'debug',
	'info',
	'debug',
	'info',
	'debug',
	'info',
	'debug',
	'warn',
	'debug',
	'error',
];

function write(level = levels[logged % levels.length] ?? 'info'): void {
	const started = performance.now();
	log.log(level, 'contract changed', {
		line: logged,
		chainId: 1,
		address: `0x${logged.toString(16).padStart(40, '0')}`,
		status: 'PROCESS',
		attempt: logged % 7,
		reason: 'api.etherscan.io did not answer in time.',
	});
	times.push(performance.now() - started);
	logged += 1;
}

let perMs = 0;
let at = performance.now();
let due = 0;
setInterval(() => {
	const now = performance.now();
	due += perMs * (now - at);
	at = now;
	for (; due >= 1; due -= 1) write();
}, 20);

async function figures(name: string): Promise<Record<string, number>> {
	const found = (await metrics.registry.getMetricsAsJSON()).find((metric) => metric.name === name);
	const values = (found?.values ?? []).map(
		({ labels, value }) => [labels['reason'] ?? labels['level'] ?? '', value] as const,
	);
	return Object.fromEntries(values);
}

async function report(): Promise<Report> {
	times.sort((a, b) => a - b);
	const p99LogMs = times[Math.floor(times.length * 0.99)] ?? 0;
	times.length = 0;
	for (let round = 0; round < 2; round += 1) {
		globalThis.gc?.();
		await turn();
	}
	const { rss, heapUsed, external } = process.memoryUsage();
	const p99LagMs = lag.percentile(99) / 1e6;
	lag.reset();
	const [waiting = 0] = Object.values(await figures('log_buffer_entries'));
	// The registry calls a counter by its name without the suffix in OpenMetrics.
	const dropped = await figures('log_entries_dropped_total');
	const byLevel = Object.values(await figures('log_entries_total'));
	const written = byLevel.reduce((sum, lines) => sum + lines, 0);
	const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
	const memory = { rss, heap: heapUsed + external, young: young?.space_size ?? 0 };
	return { ...memory, logged, written, waiting, dropped, p99LogMs, p99LagMs };
}

async function obey(command: Command): Promise<Report> {
	if (command.kind === 'rate') perMs = command.perSecond / 1_000;
	if (command.kind === 'burst') for (let n = 0; n < command.lines; n += 1) write();
	if (command.kind === 'error') await inSpan('test', {}, () => write('error'));
	if (command.kind === 'close') await close(command.ms);
	return report();
}

process.on('message', async (command: Command) => {
	process.send?.(await obey(command));
	if (command.kind === 'error') write('error');
	if (command.kind === 'close') process.exit();
});
