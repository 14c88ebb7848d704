import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import {
	describeExit,
	type Exit,
	endLeftovers,
	endProcess,
	rememberProcesses,
	type Started,
	signalGroup,
	startProcess,
} from './processes.ts';
import { SetupError } from './setup-error.ts';

/** One private server that answers on its protocol. */
export type RunningService = {
	/** For a person: 'MariaDB'. */
	name: string;
	/** With its credentials: never to be printed. */
	url: string;
	pid: number;
	exited: Promise<Exit>;
	/** Graceful, then SIGKILL. Its data stays. May be called twice. */
	stop(withinMs?: number): Promise<void>;
	/** Sends a signal; with SIGKILL it resolves when the process is gone. */
	kill(signal: NodeJS.Signals): Promise<void>;
};

export type ServicePlan = {
	name: string;
	/** Its own folder and its working directory: data, log, password and ports live there. */
	folder: string;
	url: string;
	command: string;
	args: readonly string[];
	env?: NodeJS.ProcessEnv;
	/** Tries once to be answered on the protocol; rejects while it is not. */
	ping(): Promise<void>;
	stopWithinMs: number;
	/** Done before SIGTERM; may fail. */
	beforeStop?(pid: number): Promise<void>;
	signal?: AbortSignal | undefined;
	/** A process that has to live exactly as long as this one. */
	companion?: Started;
};

const readyWithinMs = 120_000;
const pidFile = 'running.json';
const logFile = 'service.log';
const logLimit = 5_000_000;

/** Ends what an earlier start in this folder left behind when its parent was killed. */
export function endEarlier(folder: string): Promise<void> {
	return endLeftovers(join(folder, pidFile), 10_000);
}

/** Starts the program and resolves when it answers; on failure nothing is left and the error shows its log. */
export async function startService(plan: ServicePlan): Promise<RunningService> {
	const log = openLog(join(plan.folder, logFile));
	const started = await startProcess(plan.command, plan.args, {
		cwd: plan.folder,
		env: plan.env ?? process.env,
		stdio: ['ignore', log, log],
	}).finally(() => closeSync(log));
	const { companion } = plan;
	const pids = [started.pid, ...(companion ? [companion.pid] : [])];
	rememberProcesses(join(plan.folder, pidFile), pids);
	started.exited.then(() => companion && signalGroup(companion.pid, 'SIGKILL'));
	const stop = async (withinMs = plan.stopWithinMs) => {
		await plan.beforeStop?.(started.pid).catch(() => undefined);
		await endProcess(started, withinMs);
		await companion?.exited;
	};
	try {
		await answered(plan, started);
	} catch (error) {
		await stop(2_000);
		throw error;
	}
	return {
		name: plan.name,
		url: plan.url,
		pid: started.pid,
		exited: started.exited,
		stop,
		async kill(signal) {
			signalGroup(started.pid, signal);
			if (signal !== 'SIGKILL') return;
			await started.exited;
			await companion?.exited;
		},
	};
}

async function answered(plan: ServicePlan, { exited }: Started): Promise<void> {
	const until = Date.now() + readyWithinMs;
	let exit: Exit | undefined;
	exited.then((value) => {
		exit = value;
	});
	for (;;) {
		plan.signal?.throwIfAborted();
		if (exit) throw new SetupError(explain(plan, describeExit(exit)));
		const error = await plan.ping().then(
			() => undefined,
			(reason: unknown) => reason,
		);
		if (!error) return;
		if (Date.now() > until) {
			throw new SetupError(explain(plan, `did not answer within ${readyWithinMs / 1000} s`), {
				cause: error,
			});
		}
		await Promise.race([sleep(80), exited]);
	}
}

function explain({ name, folder }: ServicePlan, what: string): string {
	const file = resolve(folder, logFile);
	return `${name} ${what} before it was ready. The end of ${file}:\n${tailOf(file)}`;
}

/** The last lines of a log, indented. */
export function tailOf(file: string, lines = 20): string {
	const text = stripVTControlCharacters(readFileSync(file, 'utf8')).trimEnd();
	return text
		.split('\n')
		.slice(-lines)
		.map((line) => `    ${line}`)
		.join('\n');
}

function openLog(file: string): number {
	const fd = openSync(file, 'a', 0o600);
	if (statSync(file).size > logLimit) truncateSync(file);
	return fd;
}
