import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import {
	describeExit,
	type Exit,
	endLeftovers,
	endProcess,
	rememberProcesses,
	runToEnd,
	startProcess,
} from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';

/** For Node.js: the process' packages are imported without reading their package.json over and over. */
export const quickly: readonly string[] = [
	'--import',
	new URL('../quick-imports.ts', import.meta.url).href,
];

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
	const { code } = await runToEnd(process.execPath, [...quickly, ...args], {
		...{ env, signal, endWithinMs: 10_000 },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	return signal.aborted ? 0 : (code ?? 1);
}

/** Resolves when the child's address answers 200; throws, with its last lines, when it ends or takes too long. */
export async function untilReady(
	name: string,
	url: string,
	child: Child,
	signal: AbortSignal,
	withinMs = 60_000,
): Promise<void> {
	const until = Date.now() + withinMs;
	const ended = child.exited.then(describeExit);
	let last = 'nothing answers there';
	for (;;) {
		const exit = await Promise.race([ended, sleep(100)]);
		signal.throwIfAborted();
		if (exit) throw new SetupError(`${name} ${exit} before it was ready${lastLines(child)}`);
		const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
		if (answer?.ok) return;
		if (answer) last = `status ${answer.status}, ${(await answer.text()).slice(0, 300)}`;
		if (Date.now() > until) {
			const what = `${name} was not ready within ${withinMs / 1000} s; ${url}: ${last}`;
			throw new SetupError(`${what}${lastLines(child)}`);
		}
	}
}

/** What a child said last, as the end of a message. */
function lastLines({ tail }: Pick<Child, 'tail'>): string {
	if (tail.length === 0) return '; it printed nothing';
	return `. Its last lines:\n${tail.map((line) => `    ${line}`).join('\n')}`;
}

export type Printer = {
	/** One line of somebody, with the name in front. */
	line(name: string, text: string): void;
	/** Every line of a stream as it comes; what it returns grows to the newest `tailLength` of them. */
	follow(name: string, ...streams: readonly (Readable | null)[]): readonly string[];
};

const colours = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'red'] as const;
const nameWidth = 8;
export const tailLength = 20;

/** Prefixes lines with who says them, so that several processes can share one terminal. */
export function createPrinter(write: (text: string) => void, coloured: boolean): Printer {
	const names: string[] = [];
	const line = (name: string, text: string) => write(`${prefix(name)} ${text}\n`);
	function prefix(name: string): string {
		if (!names.includes(name)) names.push(name);
		const text = `${name.padEnd(nameWidth)} |`;
		const colour = colours[names.indexOf(name) % colours.length] ?? 'cyan';
		return coloured ? styleText(colour, text, { validateStream: false }) : text;
	}
	return {
		line,
		follow(name, ...streams) {
			const tail: string[] = [];
			for (const input of streams.filter((stream) => stream !== null)) {
				createInterface({ input }).on('line', (text) => {
					line(name, text);
					tail.push(text);
					if (tail.length > tailLength) tail.shift();
				});
			}
			return tail;
		},
	};
}

/** Colour where a person reads along, or where FORCE_COLOR asks for it; never against NO_COLOR. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
	if (env['NO_COLOR']) return false;
	return isTerminal || !['', '0', undefined].includes(env['FORCE_COLOR']);
}
