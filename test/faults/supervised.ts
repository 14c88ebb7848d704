import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { quickly } from '../../ops/run/children.ts';
import {
	type Exit,
	type Started,
	signalGroup,
	startProcess,
} from '../../ops/services/processes.ts';
import { codeCache } from '../harness/process.ts';
import type { ProcessName } from './links.ts';
import type { LogWatch } from './log-watch.ts';
import type { ProcessCommand, ProcessUsage } from './process-command.ts';

/** One process of the product, started again whenever it ends, as systemd does. */
export interface Supervised {
	readonly name: ProcessName;
	readonly starts: number;
	/** How it ended when nobody asked it to, or in another way than it was asked to. */
	readonly wrongExits: readonly string[];
	/** Resolves when it serves or works, now or after its next start. */
	ready(): Promise<void>;
	/** SIGKILL and SIGTERM are followed by a start; resolves when the process has ended, if it is to. */
	signal(name: NodeJS.Signals): Promise<void>;
	setClock(offsetMs: number): void;
	/** What it holds after its garbage is collected. */
	look(): Promise<ProcessUsage>;
	/** Ends it for good; may be called twice. */
	stop(): Promise<void>;
}

export interface Plan {
	name: ProcessName;
	script: string;
	env: Record<string, string>;
	/** The log message that says that it is there. */
	readyMessage: string;
	watch: LogWatch;
}

const againMs = 500;
const inside = join(import.meta.dirname, 'in-process.ts');

export async function supervise(plan: Plan): Promise<Supervised> {
	const wrongExits: string[] = [];
	let asked: NodeJS.Signals | null = null;
	let stopped = false;
	let starts = 0;
	let clockOffsetMs = 0;
	let ready = Promise.withResolvers<void>();
	let started: Started = await start();

	async function start(): Promise<Started> {
		starts += 1;
		asked = null;
		const args = [...quickly, '--expose-gc', '--import', inside, plan.script];
		const fresh = await startProcess(process.execPath, args, {
			env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: codeCache, ...plan.env },
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		sendCommand(fresh, { clockOffsetMs });
		for (const stream of [fresh.child.stdout, fresh.child.stderr]) {
			if (stream) createInterface({ input: stream }).on('line', read);
		}
		void fresh.exited.then(ended);
		return fresh;
	}

	function read(line: string): void {
		plan.watch.line(plan.name, line);
		if (line.includes(`"message":"${plan.readyMessage}"`)) ready.resolve();
	}

	async function ended(exit: Exit): Promise<void> {
		if (!isAskedFor(exit, asked)) {
			const how = exit.signal ?? `code ${exit.code}`;
			const tail = plan.watch.tail(plan.name, 3).join('\n      ');
			wrongExits.push(`${plan.name} ended with ${how} when asked for ${asked}:\n      ${tail}`);
		}
		if (stopped) return;
		ready = Promise.withResolvers<void>();
		await sleep(againMs);
		if (!stopped) started = await start();
	}

	return {
		name: plan.name,
		get starts() {
			return starts;
		},
		wrongExits,
		ready: () => ready.promise,
		async signal(name) {
			const { pid, exited } = started;
			if (name === 'SIGKILL' || name === 'SIGTERM') {
				asked = name;
				ready = Promise.withResolvers<void>();
				signalGroup(pid, name);
				await exited;
			} else {
				signalGroup(pid, name);
			}
		},
		setClock(offsetMs) {
			clockOffsetMs = offsetMs;
			sendCommand(started, { clockOffsetMs });
		},
		async look() {
			sendCommand(started, { look: true });
			// The only message that a process sends.
			const [answer] = (await once(started.child, 'message')) as [ProcessUsage];
			return answer;
		},
		async stop() {
			if (!stopped) {
				stopped = true;
				asked = 'SIGTERM';
				signalGroup(started.pid, 'SIGCONT');
				signalGroup(started.pid, 'SIGTERM');
			}
			await started.exited;
		},
	};
}

function sendCommand({ child }: Started, command: ProcessCommand): void {
	// One that has just died hears nothing.
	if (child.connected) child.send(command, () => {});
}

/** A SIGTERM that meets a process before it listens for one ends it as well. */
function isAskedFor({ code, signal }: Exit, asked: NodeJS.Signals | null): boolean {
	if (asked === 'SIGKILL') return signal === 'SIGKILL';
	if (asked === 'SIGTERM') return code === 0 || signal === 'SIGTERM';
	return false;
}
