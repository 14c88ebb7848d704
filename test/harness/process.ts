import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { quickly } from '../../ops/run/children.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiled code, which most of a process' start is spent on. */
export const codeCache = join(root, '.data', 'test', 'code');

export interface LogLine {
	level: string;
	message: string;
	[fact: string]: unknown;
}

export interface RunningProcess {
	readonly pid: number;
	readonly lines: readonly LogLine[];
	/** Everything it printed, as printed. */
	output(): string;
	/** The first line, past or to come, that fits. Rejects when the process ends before. */
	logged(fits: (line: LogLine) => boolean): Promise<LogLine>;
	signal(name: NodeJS.Signals): void;
	exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
	/** SIGTERM, and its exit code. */
	stop(): Promise<number | null>;
}

/** Starts one of the product's processes as it is started in production, and reads its log. */
export function startProcess(script: string, env: Record<string, string>): RunningProcess {
	const child = spawn(process.execPath, [...quickly, script], {
		cwd: root,
		env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: codeCache, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const exit = ended(child);
	const lines: LogLine[] = [];
	const waiting = new Set<(line: LogLine) => void>();
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		createInterface({ input: stream }).on('line', (line) => {
			text += `${line}\n`;
			const parsed = parse(line);
			if (!parsed) return;
			lines.push(parsed);
			for (const look of waiting) look(parsed);
		});
	}
	return {
		pid: child.pid ?? 0,
		lines,
		output: () => text,
		async logged(fits) {
			const past = lines.find(fits);
			if (past) return past;
			const { promise, resolve } = Promise.withResolvers<LogLine>();
			const look = (line: LogLine) => {
				if (fits(line)) resolve(line);
			};
			waiting.add(look);
			try {
				const gone = exit.then(() => {
					throw new Error(`${script} ended before it logged what was waited for:\n${text}`);
				});
				return await Promise.race([promise, gone]);
			} finally {
				waiting.delete(look);
			}
		},
		signal(name) {
			child.kill(name);
		},
		exit,
		async stop() {
			child.kill('SIGTERM');
			return (await exit).code;
		},
	};
}

async function ended(child: ChildProcess) {
	const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
	return { code, signal };
}

function parse(line: string): LogLine | null {
	try {
		return JSON.parse(line) as LogLine;
	} catch {
		return null;
	}
}
