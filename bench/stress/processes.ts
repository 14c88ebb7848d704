import { closeSync, openSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quickly } from '../../ops/run/children.ts';
import {
	describeExit,
	endProcess,
	type Started,
	startProcess,
} from '../../ops/services/processes.ts';
import { codeCache, root } from '../../test/harness/process.ts';

export interface Logging {
	name: string;
	pid: number;
	started: Started;
	/** What stands in the first line, past or to come, that fits; rejects when the process ends before. */
	said(pattern: RegExp): Promise<string>;
	stop(): Promise<void>;
}

/** A script of ours whose output goes to a file: to read all of it here would cost what is to be measured. */
export async function startLogging(
	name: string,
	args: readonly string[],
	{ folder, env }: { folder: string; env: Record<string, string> },
): Promise<Logging> {
	const file = join(folder, `${name}.log`);
	const log = openSync(file, 'w', 0o600);
	const started = await startProcess(process.execPath, [...quickly, ...args], {
		cwd: root,
		env: environment(env),
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	let exit = '';
	void started.exited.then((how) => {
		exit = describeExit(how);
	});
	return {
		name,
		pid: started.pid,
		started,
		async said(pattern) {
			for (;;) {
				const over = exit;
				const text = readFileSync(file, 'utf8');
				const found = pattern.exec(text)?.[1];
				if (found !== undefined) return found;
				if (over) throw new Error(`${name} ${over}; its last lines:\n${text.slice(-2_000)}`);
				await sleep(50);
			}
		},
		stop: () => endProcess(started, 15_000),
	};
}

export function environment(env: Record<string, string>): Record<string, string> {
	return { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: codeCache, ...env };
}

/** Processor time of a process and its threads so far, in seconds; 0 when it is gone or the system does not say. */
export function cpuSeconds(pid: number): number {
	try {
		const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
		const fields = rest.split(' ');
		return (Number(fields[11]) + Number(fields[12])) / 100;
	} catch {
		return 0;
	}
}

/** Of all cores together since the machine started, in seconds. */
export function busySeconds(): number {
	const all = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
	return all.reduce((sum, ms) => sum + ms, 0) / 1_000;
}
