import type { Logger } from 'winston';
import type { Emit } from '../domain/telemetry.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createEmit } from './telemetry/emit.ts';
import type { Part } from './telemetry/instrument.ts';
import { errorFacts } from './telemetry/log/clean.ts';
import { type Log, openLog } from './telemetry/log/open.ts';
import { type Metrics, openMetrics } from './telemetry/metrics.ts';
import { openTracing } from './telemetry/tracing/open.ts';

/** Of the time that closing may take: what is left then is for the last spans and log lines. */
const shareOfSteps = 0.8;
/** For what is still to be sent to Loki, when everything else has ended. */
const lastLinesMs = 2_000;
const crashLinesMs = 500;

export interface Service {
	part: Part;
	config: Config;
	log: Logger;
	emit: Emit;
	metrics: Metrics;
	/** What is opened goes here, and is closed in the reverse order; what hangs is not waited for when the time is over. */
	stack: Pick<AsyncDisposableStack, 'defer'>;
}

/**
 * Runs a process from its configuration to its end: `start` opens things and resolves when they
 * serve; a promise it gives back is waited for as well. SIGTERM or SIGINT closes everything in the
 * reverse order within `SHUTDOWN_MS` and exits 0; a second signal exits 1 at once, a crash
 * as soon as its line is written.
 */
export async function runService(
	name: Part,
	start: (service: Service) => Promise<{ until: Promise<void> } | void>,
): Promise<void> {
	const config = readConfigOrExplain();
	if (!config) return;
	const metrics = openMetrics(name, config);
	const { log, close: closeLog } = openLog(`verifeed-${name}`, config, { metrics });
	const crash = (error: unknown) => {
		log.error('process crashed', { error: errorFacts(error) });
		process.exitCode = 1;
		// The log's stream needs a turn to be written.
		const written = new Promise((resolve) => setTimeout(resolve, 100));
		void Promise.all([closeLog(crashLinesMs), written]).finally(() => process.exit(1));
	};
	process.on('uncaughtException', crash);
	process.on('unhandledRejection', crash);

	const tracing = await openTracing(`verifeed-${name}`, config, metrics);
	const closing = createClosing(config.SHUTDOWN_MS, { log, close: closeLog });
	const { stack } = closing;
	const emit = createEmit(log, metrics);
	const signal = nextSignal();
	try {
		const started = await start({ part: name, config, log, emit, metrics, stack });
		log.info('process started', { pid: process.pid });
		await Promise.race([signal, started?.until ?? signal]);
	} catch (error) {
		log.error('process failed', { error: errorFacts(error) });
		process.exitCode = 1;
	}
	await closing.close(() => tracing.close(closing.leftMs() / 2));
	log.info('process ended');
	await closeLog(Math.min(lastLinesMs, closing.leftMs()));
	// Nothing is open any more; what a library left behind must not keep the process.
	setTimeout(() => process.exit(), 500).unref();
}

function readConfigOrExplain(): Config | null {
	try {
		return readConfig();
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		process.stderr.write(`${error.message}\ndocs/settings.md has them all.\n`);
		process.exitCode = 1;
		return null;
	}
}

function nextSignal(): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	let signals = 0;
	for (const name of ['SIGTERM', 'SIGINT'] as const) {
		process.on(name, () => {
			signals += 1;
			if (signals > 1) process.exit(1);
			resolve();
		});
	}
	return promise;
}

/** All steps of closing share `ms`, from the moment it begins: none is given a time of its own. */
function createClosing(ms: number, { log, close: closeLog }: Log) {
	const stack = new AsyncDisposableStack();
	const { promise: late, resolve: hurry } = Promise.withResolvers<void>();
	let until = 0;
	const leftMs = () => Math.max(0, until - performance.now());

	async function close(last: () => Promise<void>): Promise<void> {
		until = performance.now() + ms;
		const hurrying = setTimeout(() => {
			log.warn('process closes without waiting any longer', { ms });
			hurry();
		}, ms * shareOfSteps);
		const deadline = setTimeout(() => {
			log.error('process did not close in time', { ms });
			void closeLog(lastLinesMs).finally(() => process.exit(1));
		}, ms);
		try {
			await stack.disposeAsync();
		} catch (error) {
			log.error('closing failed', { error: errorFacts(error) });
			process.exitCode = 1;
		}
		clearTimeout(hurrying);
		await last();
		clearTimeout(deadline);
	}

	return {
		stack: {
			defer: (step: () => PromiseLike<void> | void) =>
				stack.defer(async () => {
					await Promise.race([step(), late]);
				}),
		},
		close,
		leftMs,
	};
}
