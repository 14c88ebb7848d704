import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './programs.ts';
import { environmentOf } from './unpacked.ts';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A program that this one started, in a process group of its own: a terminal's Ctrl-C does not reach it. */
export type Started = { child: ChildProcess; pid: number; exited: Promise<Exit> };

type Options = { cwd?: string; env?: NodeJS.ProcessEnv; stdio: StdioOptions };

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
	options: Options,
): Promise<Started> {
	const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
	const [program, ...rest] = setpriv
		? [setpriv, '--pdeathsig', 'TERM', '--', command, ...args]
		: [command, ...args];
	const env = environmentOf(command, options.env);
	const child = spawn(program, rest, { ...options, env, detached: true });
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

/** Starts a program and waits for its end, which the signal brings about. Nothing of its group is left afterwards. */
export async function runToEnd(
	command: string,
	args: readonly string[],
	{
		signal,
		endWithinMs = 5_000,
		...options
	}: Options & { signal: AbortSignal; endWithinMs?: number },
): Promise<Exit> {
	signal.throwIfAborted();
	const started = await startProcess(command, args, options);
	const end = () => endProcess(started, endWithinMs);
	signal.addEventListener('abort', end, { once: true });
	const exit = await started.exited;
	signal.removeEventListener('abort', end);
	signalGroup(started.pid, 'SIGKILL');
	return exit;
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

type ProcessRecord = { pid: number; born: string };

/** Writes down which processes work for a folder, so that a later start finds those a killed parent left. */
export function rememberProcesses(file: string, pids: readonly number[]): void {
	const records = pids.map((pid): ProcessRecord => ({ pid, born: birthOf(pid) ?? '' }));
	writeFileSync(file, JSON.stringify(records), { mode: 0o600 });
}

/** Ends what is written down there and still runs: SIGTERM, then SIGKILL after `withinMs`. */
export async function endLeftovers(file: string, withinMs: number): Promise<void> {
	const left = readRecords(file).filter(isAlive);
	for (const { pid } of left) send(pid, 'SIGTERM');
	for (let waited = 0; left.some(isAlive) && waited < withinMs; waited += 50) await sleep(50);
	for (const record of left.filter(isAlive)) send(record.pid, 'SIGKILL');
	while (left.some(isAlive)) await sleep(20);
	rmSync(file, { force: true });
}

function readRecords(file: string): ProcessRecord[] {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return [];
	}
}

/** A number alone is not enough: the kernel gives it to another process later. */
function isAlive({ pid, born }: ProcessRecord): boolean {
	return born !== '' && birthOf(pid) === born;
}

/** When a process was started, as the system writes it; undefined when there is none (or only a zombie). */
export function birthOf(pid: number): string | undefined {
	try {
		if (existsSync('/proc/self/stat')) {
			// The name in brackets may hold anything; the fields start behind it, with the state.
			const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
				.replace(/^.*\) /s, '')
				.split(' ');
			return fields[0] === 'Z' ? undefined : fields[19];
		}
		return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
	} catch {
		return undefined;
	}
}

function send(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// Gone already, or no longer ours.
	}
}
