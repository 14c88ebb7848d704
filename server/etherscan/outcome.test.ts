import { expect, test } from 'vitest';
import { contractErrorCodes } from '../../domain/errors.ts';
import { stored } from '../../test/harness/downloads.ts';
import { busyText, outcomeOf } from './outcome.ts';

const message = 'Upstream says: Contract source code not verified, Invalid API Key.';
const failed = { ...stored, status: 'ERROR', source: null } as const;

test.each(contractErrorCodes.filter((code) => code !== 'NOT_VERIFIED'))(
	'%s is never called "not verified", nor busy in the words of an upstream',
	(code) => {
		const outcome = outcomeOf({ ...failed, error: { code, message, retryable: false } });
		expect(['busy', 'failed']).toContain(outcome.kind);
		if (outcome.kind === 'busy') {
			expect(busyText(outcome.why)).not.toMatch(/not verified|api key|invalid/i);
			expect(busyText(outcome.why)).toMatch(/^Max rate limit reached/);
		}
	},
);

test('an attempt that is put off is worth asking for when it is due', () => {
	const nextAttemptAt = new Date(Date.now() + 3_600_000);
	const outcome = outcomeOf({ ...stored, status: 'PROCESS', source: null, nextAttemptAt });
	expect(outcome).toMatchObject({ kind: 'busy' });
	expect(outcome.kind === 'busy' && outcome.seconds).toBeGreaterThan(60);
	const overdue = {
		...stored,
		status: 'PROCESS',
		source: null,
		nextAttemptAt: new Date(0),
	} as const;
	expect(outcomeOf(overdue)).toMatchObject({ kind: 'busy', seconds: 1 });
});

test('a source is served whatever became of its refresh', () => {
	const error = { code: 'NOT_VERIFIED', message, retryable: true } as const;
	expect(outcomeOf({ ...stored, status: 'ERROR', error }).kind).toBe('source');
});
