import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, signalGroup, startProcess } from '../services/processes.ts';
import { type Tally, tallyOf } from './tally.ts';

/** Runs Vitest once, with the terminal as its own, and counts. Nothing of it is left afterwards. */
export async function runVitest(
	folder: string,
	args: readonly string[],
	found: Record<string, string>,
	signal: AbortSignal,
): Promise<Tally> {
	signal.throwIfAborted();
	const report = join(folder, 'report.json');
	rmSync(report, { force: true });
	const started = await startProcess(
		process.execPath,
		[
			...['node_modules/vitest/vitest.mjs', 'run', ...args],
			...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
		],
		{ env: { ...process.env, ...found }, stdio: ['ignore', 'inherit', 'inherit'] },
	);
	const end = () => endProcess(started, 5_000);
	signal.addEventListener('abort', end, { once: true });
	const { code } = await started.exited;
	signal.removeEventListener('abort', end);
	signalGroup(started.pid, 'SIGKILL');
	signal.throwIfAborted();
	const text = existsSync(report) ? readFileSync(report, 'utf8') : undefined;
	return tallyOf(text, code ?? 1);
}
