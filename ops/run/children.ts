import { endLeftovers, rememberProcesses } from '../services/leftovers.ts';
import { type Exit, endProcess, startProcess } from '../services/processes.ts';
import type { Printer } from './printer.ts';
import { quickly } from './quickly.ts';

export type Child = {
	pid: number;
	exited: Promise<Exit>;
	/** Its newest lines. */
	tail: readonly string[];
	stop(withinMs?: number): Promise<void>;
};

export type StartChild = (
	name: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
) => Promise<Child>;

/**
 * Starts Node processes whose output is shown line by line. With a file it writes down there which, and first ends
 * those that an earlier run left behind when it was killed.
 */
export async function openChildren(printer: Printer, file?: string): Promise<StartChild> {
	if (file) await endLeftovers(file, 5_000);
	const alive = new Set<number>();
	return async (name, args, env) => {
		const started = await startProcess(process.execPath, [...quickly, ...args], {
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		alive.add(started.pid);
		if (file) rememberProcesses(file, [...alive]);
		started.exited.then(() => alive.delete(started.pid));
		return {
			pid: started.pid,
			exited: started.exited,
			tail: printer.follow(name, started.child.stdout, started.child.stderr),
			stop: (withinMs = 3_000) => endProcess(started, withinMs),
		};
	};
}

/** Runs one to its end, with the terminal as its own; resolves with its exit status. */
export async function runInForeground(
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	signal: AbortSignal,
): Promise<number> {
	const started = await startProcess(process.execPath, [...quickly, ...args], {
		env,
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const end = () => endProcess(started, 10_000);
	signal.addEventListener('abort', end, { once: true });
	const { code } = await started.exited;
	return signal.aborted ? 0 : (code ?? 1);
}
