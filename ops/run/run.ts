import { existsSync, readFileSync } from 'node:fs';
import { killAll } from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';
import { createPrinter, type Printer, wantsColour } from './children.ts';

/** What one command of ours runs with. */
export type Run = {
	/** Where everything that is kept lies; relative, so that socket paths stay short. */
	folder: string;
	printer: Printer;
	/** A line of our own among those of the processes. */
	say: (text: string) => void;
	/** Aborts when somebody asks for the end. */
	signal: AbortSignal;
};

/** Opens a run, does the work and turns its outcome into the exit status. */
export async function runCommand(
	folder: string,
	name: string,
	{ whenStopped }: { whenStopped: number },
	work: (run: Run) => Promise<number>,
): Promise<void> {
	const coloured = wantsColour(process.env, process.stdout.isTTY);
	const printer = createPrinter((text) => process.stdout.write(text), coloured);
	const say = (text: string) => printer.line(name, text);
	const signal = stopSignals();
	try {
		process.exitCode = await work({ folder, printer, say, signal });
	} catch (error) {
		if (signal.aborted) {
			process.exitCode = whenStopped;
			return;
		}
		process.exitCode = 1;
		console.error(explain(error, folder));
	}
}

function explain(error: unknown, folder: string): unknown {
	if (error instanceof SetupError) return `\n${error.message}\n`;
	const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
	const hint = `Was ${folder} made by another user, such as root? Give it to yourself, or remove it.`;
	return denied ? `\n${error.message}\n${hint}\n` : error;
}

// npm forwards a Ctrl-C that the terminal has already delivered: two that close are one.
const sameMs = 700;

/** Aborts at the first SIGINT, SIGTERM or SIGHUP; a later one kills everything at once. */
export function stopSignals(): AbortSignal {
	const controller = new AbortController();
	let first = 0;
	const onSignal = () => {
		if (first === 0) {
			first = Date.now();
			controller.abort(new Stopped());
		} else if (Date.now() - first > sameMs) {
			killAll();
			process.exit(1);
		}
	};
	process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
	if (!ignoresHangup()) process.on('SIGHUP', onSignal);
	stopWithNpm(onSignal);
	// Nobody reads along any more (`npm start | head`).
	for (const stream of [process.stdout, process.stderr]) stream.on('error', onSignal);
	return controller.signal;
}

/** npm, or the shell that it puts in between, can die without handing the signal on. */
function stopWithNpm(stop: () => void): void {
	if (!process.env['npm_lifecycle_event']) return;
	const parent = process.ppid;
	const watch = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(watch);
		stop();
	}, 500).unref();
}

/** Under nohup the closing of the terminal is to change nothing. */
function ignoresHangup(): boolean {
	if (!existsSync('/proc/self/status')) return false;
	const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
	return (Number.parseInt(ignored?.[1]?.slice(-1) ?? '0', 16) & 1) === 1;
}

/** Not a failure: somebody asked for the end. */
export class Stopped extends Error {}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
