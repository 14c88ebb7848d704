import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';
import { guardMutations } from './mutations.ts';
// Built first, the schema without them stays as it is.
import './schema.ts';

let built: GraphQLSchema | null = null;

/** The schema with fields that log, fail and wait at random, to exercise the monitoring; `schema` has none of them. */
export function schemaWithTestOperations(): GraphQLSchema {
	if (built) return built;
	for (const add of [addTestError, addTestLog, addTestWait]) add();
	built = guardMutations(builder.toSchema());
	return built;
}

const failures = {
	EXPECTED: () => badInput('A test asked for an expected error.'),
	UNEXPECTED: () => new TypeError('a test asked for an unexpected error'),
	// As a driver's error that has ended its connection.
	OUTAGE: () => Object.assign(new Error('a test asked for an outage'), { fatal: true }),
} as const;

function addTestError(): void {
	const kind = builder.enumType('TestErrorKind', {
		values: {
			EXPECTED: { description: 'Shown to the client as it is: BAD_USER_INPUT.' },
			UNEXPECTED: { description: 'A fault of the server: INTERNAL_SERVER_ERROR.' },
			OUTAGE: { description: 'As when the database is away: SERVICE_UNAVAILABLE.' },
		} as const,
	});
	builder.queryField('testError', (t) =>
		t.boolean({
			description:
				'Fails in the way of `kind`, or in any of them, and does so in `share` (0 to 1) of the calls; false\notherwise.',
			args: {
				kind: t.arg({ type: kind }),
				share: t.arg.float({ required: true, defaultValue: 1 }),
			},
			resolve(_, { kind, share }) {
				if (!(share >= 0 && share <= 1)) throw badInput('share has to be 0 to 1.');
				if (Math.random() >= share) return false;
				throw (kind ? failures[kind] : randomOf(Object.values(failures)))();
			},
		}),
	);
}

const mostLines = 1_000;
const levels = ['error', 'warn', 'info', 'debug'] as const;
const names = {
	ERROR: { value: 'error' },
	WARN: { value: 'warn' },
	INFO: { value: 'info' },
	DEBUG: { value: 'debug' },
} as const;
const words = ['contract', 'source', 'chain', 'queue', 'cache', 'answer', 'late', 'empty', 'again'];

function addTestLog(): void {
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

const longestMs = 10_000;

function addTestWait(): void {
	builder.queryField('testWait', (t) =>
		t.int({
			description: `Waits for a random time of at most \`maxMs\` (${longestMs}), and gives it in milliseconds.`,
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

/** Any of them, each as likely as the others. */
function randomOf<T>(choices: readonly T[]): T {
	const chosen = choices[Math.floor(Math.random() * choices.length)];
	if (chosen === undefined) throw new Error('there is nothing to choose from');
	return chosen;
}
