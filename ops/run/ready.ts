import { setTimeout as sleep } from 'node:timers/promises';
import { describeExit } from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';
import type { Child } from './children.ts';

const withinMs = 60_000;

/** Resolves when the child's address answers 200; throws, with its last lines, when it ends or takes too long. */
export async function untilReady(
	name: string,
	url: string,
	child: Child,
	signal: AbortSignal,
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
export function lastLines({ tail }: Pick<Child, 'tail'>): string {
	if (tail.length === 0) return '; it printed nothing';
	return `. Its last lines:\n${tail.map((line) => `    ${line}`).join('\n')}`;
}
