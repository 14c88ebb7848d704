import { freePort } from '../services/free-port.ts';
import { describeExit } from '../services/processes.ts';
import type { StartChild } from './children.ts';
import { type Kept, keepRunning } from './keep-running.ts';
import { untilReady } from './ready.ts';
import { childEnvironment, type Settings } from './settings.ts';
import type { Stages } from './stages.ts';

export type ProcessContext = {
	settings: Settings;
	stages: Stages;
	startChild: StartChild;
	say: (text: string) => void;
	signal: AbortSignal;
};

/** Server, worker and warm-up; resolves when the first two are ready. */
export async function startProcesses(
	{ settings, stages, startChild, say, signal }: ProcessContext,
	found: Record<string, string | number>,
): Promise<Kept[]> {
	const { httpPort, metricsPort } = settings;
	const start = (name: string, script: string, port: number) => () =>
		startChild(
			name,
			[script],
			// For a person's eyes, unless the person asked for something else.
			childEnvironment({ LOG_FORMAT: 'pretty', ...process.env }, { ...found, METRICS_PORT: port }),
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
	const warmup = await start('warm-up', 'warmup/main.ts', await freePort())();
	stages.add('warm-up', warmup);
	warmup.exited.then((exit) => {
		if (exit.code !== 0 && !signal.aborted) say(`the warm-up ${describeExit(exit)}`);
	});
	await Promise.allSettled(readyOnes);
	either.throwIfAborted();
	return Promise.all(readyOnes);
}
