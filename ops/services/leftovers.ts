import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

type Record = { pid: number; born: string };

/** Writes down which processes work for a folder, so that a later start finds those a killed parent left. */
export function rememberProcesses(file: string, pids: readonly number[]): void {
	const records = pids.map((pid): Record => ({ pid, born: birthOf(pid) ?? '' }));
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

function readRecords(file: string): Record[] {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return [];
	}
}

/** A number alone does not tell: the kernel gives it to somebody else later. */
function isAlive({ pid, born }: Record): boolean {
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
