import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';
import { randomOf } from './random-of.ts';

const failures = {
	EXPECTED: () => badInput('A test asked for an expected error.'),
	UNEXPECTED: () => new TypeError('a test asked for an unexpected error'),
	// As a driver's error that has ended its connection.
	OUTAGE: () => Object.assign(new Error('a test asked for an outage'), { fatal: true }),
} as const;

export function addTestError(): void {
	const kind = builder.enumType('TestErrorKind', {
		values: {
			EXPECTED: { description: 'Told to the client as it is: BAD_USER_INPUT.' },
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
