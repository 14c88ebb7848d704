import { expect, test } from 'vitest';
import { addTallies, tallyLine, tallyOf } from './vitest.ts';

function report(
	counts: Partial<Record<'Passed' | 'Failed' | 'Pending' | 'Todo', number>>,
	testResults: { status: string; assertionResults: { status: string }[] }[] = [],
): string {
	const { Passed = 0, Failed = 0, Pending = 0, Todo = 0 } = counts;
	return JSON.stringify({
		numPassedTests: Passed,
		numFailedTests: Failed,
		numPendingTests: Pending,
		numTodoTests: Todo,
		testResults,
	});
}

test('passes, failures and what was left out are counted', () => {
	expect(tallyOf(report({ Passed: 5, Failed: 2, Pending: 1, Todo: 1 }), 1)).toEqual({
		passed: 5,
		failed: 2,
		skipped: 2,
	});
});

test('a file that could not be loaded is a failure', () => {
	const files = [
		{ status: 'failed', assertionResults: [] },
		{ status: 'failed', assertionResults: [{ status: 'failed' }] },
	];
	expect(tallyOf(report({ Failed: 1 }, files), 1).failed).toBe(2);
});

test('a run that failed outside its tests, or left no report, is a failure', () => {
	expect(tallyOf(report({ Passed: 3 }), 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
	expect(tallyOf(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('the last line adds the runs up, and names what was left out only where there is any', () => {
	const one = { passed: 2, failed: 0, skipped: 0 };
	expect(tallyLine(addTallies([one, one]))).toBe('4 passed, 0 failed');
	expect(tallyLine(addTallies([one, { ...one, skipped: 3 }]))).toBe(
		'4 passed, 0 failed, 3 skipped',
	);
	expect(tallyLine(addTallies([]))).toBe('0 passed, 0 failed');
});
