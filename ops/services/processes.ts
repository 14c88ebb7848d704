import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './programs.ts';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A program that this one started, in a process group of its own: a terminal's Ctrl-C does not reach it. */
export type Started = { child: ChildProcess; pid: number; exited: Promise<Exit> };

// What this process started and still runs; one place, because the last resort has to find them all.
const alive = new Set<number>();
process.on('exit', killAll);

/**
 * Starts a program that ends with this one: on Linux the kernel sends it SIGTERM when this process dies, even
 * by SIGKILL. Rejects when it cannot be started at all.
 */
export async function startProcess(
	command: string,
	args: readonly string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv; stdio: StdioOptions },
): Promise<Started> {
	const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
	const [program, ...rest] = setpriv
		? [setpriv, '--pdeathsig', 'TERM', '--', command, ...args]
		: [command, ...args];
	const child = spawn(program, rest, { ...options, detached: true });
	const exited = new Promise<Exit>((resolve) => {
		child.once('exit', (code, signal) => resolve({ code, signal }));
	});
	await new Promise<void>((resolve, reject) => {
		child.once('spawn', resolve).once('error', reject);
	});
	// A child that was spawned has a pid.
	const pid = child.pid as number;
	alive.add(pid);
	exited.then(() => alive.delete(pid));
	return { child, pid, exited };
}

/** Ends a started program: SIGTERM, and SIGKILL to its whole group when it is not gone in time. */
export async function endProcess({ pid, exited }: Started, withinMs: number): Promise<void> {
	if (!alive.has(pid)) return;
	process.kill(pid, 'SIGTERM');
	const timer = new AbortController();
	const late = sleep(withinMs, 'late', { signal: timer.signal }).catch(() => 'gone');
	if ((await Promise.race([exited, late])) === 'late') signalGroup(pid, 'SIGKILL');
	timer.abort();
	await exited;
}

/** SIGKILL, now, to everything this process started. */
export function killAll(): void {
	for (const pid of alive) signalGroup(pid, 'SIGKILL');
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch {
		// Gone already.
	}
}

/** How a program ended, for a person: 'ended with status 1', 'was ended by SIGKILL'. */
export function describeExit({ code, signal }: Exit): string {
	return signal ? `was ended by ${signal}` : `ended with status ${code}`;
}
