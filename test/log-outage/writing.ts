import { fork } from 'node:child_process';
import { once } from 'node:events';
import { quickly } from '../../ops/run/children.ts';
import type { LokiLine } from '../harness/loki-sink.ts';
import type { Command, Report } from './protocol.ts';

export interface Writer extends AsyncDisposable {
	/** Sends a command and gives back how things stand once it is done. */
	send(command: Command): Promise<Report>;
	ended: Promise<number | null>;
}

/** A process of its own that logs to stdout, which nobody reads, and to a Loki. */
export function startWriter(lokiUrl: string): Writer {
	const child = fork(new URL('./writer.ts', import.meta.url), [lokiUrl], {
		// What V8 sets aside for young objects doubles after any burst, and would hide what the log takes.
		execArgv: [...quickly, '--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16'],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const ended = once(child, 'exit').then(([code]): number | null => code);
	const gone = ended.then(() => {
		throw new Error('the writer ended before it answered');
	});
	gone.catch(() => {});
	return {
		ended,
		async send(command) {
			const answer = once(child, 'message');
			child.send(command);
			const [report] = await Promise.race([answer, gone]);
			// The protocol has one kind of answer.
			return report as Report;
		},
		async [Symbol.asyncDispose]() {
			child.kill('SIGKILL');
			await ended;
		},
	};
}

export function droppedBy({ dropped }: Report): number {
	return Object.values(dropped).reduce((sum, lines) => sum + lines, 0);
}

/** How many lines came, each counted once: what came twice is one line to Loki, which knows them by time and text. */
export function distinct(lines: readonly LokiLine[]): number {
	return new Set(lines.map(({ line }) => JSON.parse(line).seq)).size;
}
