import { createInterface } from 'node:readline';
import { describeExit, endProcess, startProcess } from '../../ops/services/processes.ts';
import type { Target } from '../wrk/wrk.ts';

export interface StartedProcess extends Target, AsyncDisposable {
	/** Everything it printed so far. */
	output(): string;
	/** The first line of JSON, past or to come, with this message. Rejects when the process ends before. */
	said(message: string): Promise<Record<string, unknown>>;
}

/** Starts a program that says on a line of JSON on which port it takes requests, and waits for that. */
export async function startListening(
	command: string,
	args: readonly string[],
	env: Record<string, string>,
): Promise<StartedProcess> {
	const started = await startTalking(command, args, env);
	try {
		const { port } = await started.said('ready');
		return Object.assign(started, { url: `http://127.0.0.1:${port}` });
	} catch (error) {
		await started[Symbol.asyncDispose]();
		throw error;
	}
}

/** Starts a program whose lines of JSON can be waited for; it ends with this process. */
export async function startTalking(
	command: string,
	args: readonly string[],
	env: Record<string, string>,
): Promise<StartedProcess> {
	const started = await startProcess(command, args, {
		env: { PATH: process.env['PATH'] ?? '', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	const lines: Record<string, unknown>[] = [];
	const look = new EventTarget();
	for (const stream of [started.child.stdout, started.child.stderr]) {
		if (!stream) continue;
		createInterface({ input: stream }).on('line', (line) => {
			output += `${line}\n`;
			if (!line.startsWith('{')) return;
			lines.push(JSON.parse(line));
			look.dispatchEvent(new Event('line'));
		});
	}
	return {
		url: '',
		pid: started.pid,
		output: () => output,
		said: (message) =>
			new Promise((resolve, reject) => {
				const find = () => {
					const found = lines.find((line) => line['message'] === message);
					if (found) resolve(found);
				};
				look.addEventListener('line', find);
				find();
				started.exited.then((exit) => reject(new Error(`${describeExit(exit)}:\n${output}`)));
			}),
		[Symbol.asyncDispose]: () => endProcess(started, 5_000),
	};
}
