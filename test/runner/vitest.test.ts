import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { addTallies, summary, tallyOf } from './vitest.ts';

type Assertion = { fullName: string; status: string; failureMessages: string[] };
type Counts = Partial<Record<'Passed' | 'Pending' | 'Todo', number>>;

function report(counts: Counts, files: Record<string, Assertion[]> = {}): string {
	const { Passed = 0, Pending = 0, Todo = 0 } = counts;
	const testResults = Object.entries(files).map(([name, assertionResults]) => ({
		name: resolve(name),
		status: 'failed',
		message: assertionResults.length === 0 ? 'no such module' : '',
		assertionResults,
	}));
	return JSON.stringify({
		numPassedTests: Passed,
		numPendingTests: Pending,
		numTodoTests: Todo,
		testResults,
	});
}

const good = { fullName: 'works', status: 'passed', failureMessages: [] };
const bad = { fullName: 'adds', status: 'failed', failureMessages: ['1 is not 2'] };

test('passes, failures and what was left out are counted', () => {
	const files = { 'a.test.ts': [good, bad], 'b.test.ts': [bad] };
	expect(tallyOf(report({ Passed: 1, Pending: 1, Todo: 1 }, files), 1)).toEqual({
		passed: 1,
		failures: ['a.test.ts: adds\n1 is not 2', 'b.test.ts: adds\n1 is not 2'],
		skipped: 2,
	});
});

test('a file that could not be loaded is a failure', () => {
	const files = { 'a.test.ts': [], 'b.test.ts': [bad] };
	expect(tallyOf(report({}, files), 1).failures).toEqual([
		'a.test.ts\nno such module',
		'b.test.ts: adds\n1 is not 2',
	]);
});

test('a run that failed outside its tests, or left no report, is a failure', () => {
	const failures = ['Vitest ended with exit status 1, outside of any test'];
	expect(tallyOf(report({ Passed: 3 }), 1)).toEqual({ passed: 3, failures, skipped: 0 });
	expect(tallyOf(undefined, 1)).toEqual({ passed: 0, failures, skipped: 0 });
});

test('the last line adds the runs up, and names what was left out only where there is any', () => {
	const one = { passed: 2, failures: [], skipped: 0 };
	expect(summary(addTallies([one, one]))).toBe('4 passed, 0 failed');
	expect(summary(addTallies([one, { ...one, skipped: 3 }]))).toBe('4 passed, 0 failed, 3 skipped');
	expect(summary(addTallies([]))).toBe('0 passed, 0 failed');
});

test('what failed is said once more before the last line', () => {
	const one = { passed: 2, failures: ['a.test.ts: adds\n1 is not 2'], skipped: 0 };
	expect(summary(one)).toBe('FAILED a.test.ts: adds\n1 is not 2\n\n2 passed, 1 failed');
});
