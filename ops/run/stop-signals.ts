import { existsSync, readFileSync } from 'node:fs';
import { killAll } from '../services/processes.ts';

// npm hands on a Ctrl-C that the terminal has already delivered: two that close are one.
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
