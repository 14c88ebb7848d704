import { createInterface } from 'node:readline/promises';
import { Refused } from './refused.ts';

/** Asks before something is changed. Throws a `Refused` unless the answer is yes. */
export async function confirm(
	question: string,
	{ yes, signal }: { yes: boolean; signal: AbortSignal },
): Promise<void> {
	if (yes) return;
	if (!process.stdin.isTTY) {
		throw new Refused(
			`${question}\nThere is no terminal to ask: add --yes if that is what you want.`,
		);
	}
	// Not a terminal to the library, so that Ctrl-C stays a signal to this process.
	const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
	const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
	try {
		const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), closed]);
		if (!/^y(es)?$/i.test(answer.trim())) throw new Refused('Nothing was changed.');
	} finally {
		lines.close();
	}
}
