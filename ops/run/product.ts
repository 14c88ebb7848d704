import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../services/ports.ts';
import { describeExit } from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';
import { type Child, lastLines, type StartChild, untilReady } from './children.ts';
import { type Kept, keepRunning, type Stages } from './keep-running.ts';
import type { Run } from './run.ts';
import { childEnvironment, type ServiceUrls, type Settings } from './settings.ts';

export type ProductContext = Pick<Run, 'say' | 'signal'> & {
	settings: Settings;
	stages: Stages;
	startChild: StartChild;
};

/** Brings the database's tables up to date; throws when that fails. */
export async function migrate(
	urls: ServiceUrls,
	{ startChild, signal }: ProductContext,
): Promise<void> {
	const env = childEnvironment(process.env, urls);
	const child = await startChild('migrate', ['ops/migrate.ts'], env);
	const end = () => child.stop(2_000);
	signal.addEventListener('abort', end, { once: true });
	const exit = await child.exited;
	signal.throwIfAborted();
	signal.removeEventListener('abort', end);
	if (exit.code !== 0) {
		throw new SetupError(`the migration ${describeExit(exit)}; what it said is above`);
	}
}

export type Emulator = {
	url: string;
	/** How many real contracts it serves. */
	contracts: number;
	gaveUp: Promise<string>;
};

/** Starts the bundled upstream on a free loopback port; it answers as Etherscan does. */
export async function startEmulator({
	startChild,
	stages,
	say,
	signal,
}: ProductContext): Promise<Emulator> {
	const port = await freePort();
	const args = ['bench/emulator/main.ts', '--port', String(port), '--latency', '150-400'];
	const start = () => startChild('emulator', args, process.env);
	const child = await start();
	stages.add('emulator', child);
	await listening(child, signal);
	const kept = keepRunning('emulator', child, start, say);
	stages.add('emulator', kept);
	return {
		url: `http://127.0.0.1:${port}/v2/api`,
		contracts: JSON.parse(readFileSync('bench/emulator/catalogue.json', 'utf8')).length,
		gaveUp: kept.gaveUp,
	};
}

async function listening(child: Child, signal: AbortSignal): Promise<void> {
	const ended = child.exited.then(describeExit);
	while (!child.tail.some((line) => line.includes('listening on'))) {
		const exit = await Promise.race([ended, sleep(50)]);
		signal.throwIfAborted();
		if (exit) throw new SetupError(`the emulator ${exit}${lastLines(child)}`);
	}
}

/** Server, worker and warm-up; resolves when the first two are ready. */
export async function startProcesses(
	{ settings, stages, startChild, say, signal }: ProductContext,
	found: Record<string, string | number>,
	nodeFlags: readonly string[],
): Promise<Kept[]> {
	const { httpPort, metricsPort } = settings;
	const start =
		(name: string, script: string, port: number, flags = nodeFlags) =>
		() =>
			startChild(
				name,
				[...flags, script],
				// For a person's eyes, unless the person asked for something else.
				childEnvironment(
					{ LOG_FORMAT: 'pretty', ...process.env },
					{ ...found, METRICS_PORT: port },
				),
			);
	const parts = [
		{ name: 'server', start: start('server', 'server/main.ts', metricsPort), port: httpPort },
		{
			name: 'worker',
			start: start('worker', 'worker/main.ts', metricsPort + 1),
			port: metricsPort + 1,
		},
	] as const;
	const failure = new AbortController();
	const either = AbortSignal.any([signal, failure.signal]);
	const readyOnes = parts.map(async ({ name, start, port }) => {
		const child = await start();
		stages.add(name, child);
		await untilReady(name, `http://127.0.0.1:${port}/readyz`, child, either).catch((error) => {
			failure.abort(error);
			throw error;
		});
		const kept = keepRunning(name, child, start, say);
		stages.add(name, kept);
		return kept;
	});
	const warmup = await start('warm-up', 'warmup/main.ts', await freePort(), [])();
	stages.add('warm-up', warmup);
	warmup.exited.then((exit) => {
		if (exit.code !== 0 && !signal.aborted) say(`the warm-up ${describeExit(exit)}`);
	});
	await Promise.allSettled(readyOnes);
	either.throwIfAborted();
	return Promise.all(readyOnes);
}
