import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';
import { randomOf } from './random-of.ts';

const mostLines = 1_000;
const levels = ['error', 'warn', 'info', 'debug'] as const;
const names = {
	ERROR: { value: 'error' },
	WARN: { value: 'warn' },
	INFO: { value: 'info' },
	DEBUG: { value: 'debug' },
} as const;
const words = ['contract', 'source', 'chain', 'queue', 'cache', 'answer', 'late', 'empty', 'again'];

export function addTestLog(): void {
	const level = builder.enumType('TestLogLevel', { values: names });
	builder.mutationField('testLog', (t) =>
		t.int({
			description: `Writes \`lines\` (1 to ${mostLines}) random lines to the server's log, at \`level\` or at any; gives their number.`,
			args: {
				lines: t.arg.int({ required: true, defaultValue: 10 }),
				level: t.arg({ type: level }),
			},
			resolve(_, { lines, level }, { emit }) {
				if (lines < 1 || lines > mostLines) {
					throw badInput(`lines has to be 1 to ${mostLines}.`);
				}
				for (let line = 1; line <= lines; line += 1) {
					const at = level ?? randomOf(levels);
					emit({
						type: 'test.line',
						level: at,
						text: Array.from({ length: 5 }, () => randomOf(words)).join(' '),
						line,
					});
				}
				return lines;
			},
		}),
	);
}
