import { setTimeout as sleep } from 'node:timers/promises';
import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';

const longestMs = 10_000;

export function addTestWait(): void {
	builder.queryField('testWait', (t) =>
		t.int({
			description: `Waits for a random time of at most \`maxMs\` (${longestMs}), and tells it in milliseconds.`,
			args: { maxMs: t.arg.int({ required: true, defaultValue: 1_000 }) },
			async resolve(_, { maxMs }) {
				if (maxMs < 0 || maxMs > longestMs) {
					throw badInput(`maxMs has to be 0 to ${longestMs}.`);
				}
				const ms = Math.round(Math.random() * maxMs);
				await sleep(ms);
				return ms;
			},
		}),
	);
}
