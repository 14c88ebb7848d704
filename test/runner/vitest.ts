import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { runToEnd } from '../../ops/services/processes.ts';

/** Runs Vitest once, with the terminal as its own, and counts. Nothing of it is left afterwards. */
export async function runVitest(
	folder: string,
	args: readonly string[],
	found: Record<string, string>,
	signal: AbortSignal,
): Promise<Tally> {
	const report = join(folder, 'report.json');
	rmSync(report, { force: true });
	const { code } = await runToEnd(
		process.execPath,
		[
			...['node_modules/vitest/vitest.mjs', 'run', ...args],
			...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
		],
		{ env: { ...process.env, ...found }, stdio: ['ignore', 'inherit', 'inherit'], signal },
	);
	signal.throwIfAborted();
	const text = existsSync(report) ? readFileSync(report, 'utf8') : undefined;
	return tallyOf(text, code ?? 1);
}

/** What failed is named: a run's last lines are all that some see of it. */
export type Tally = { passed: number; failures: readonly string[]; skipped: number };

const reportSchema = z.object({
	numPassedTests: z.int(),
	numPendingTests: z.int(),
	numTodoTests: z.int(),
	testResults: z.array(
		z.object({
			name: z.string(),
			status: z.string(),
			message: z.string(),
			assertionResults: z.array(
				z.object({
					fullName: z.string(),
					status: z.string(),
					failureMessages: z.array(z.string()),
				}),
			),
		}),
	),
});

/** Counts one run of Vitest from its JSON report (undefined when it wrote none) and its exit status. */
export function tallyOf(report: string | undefined, status: number): Tally {
	const outside = `Vitest ended with exit status ${status}, outside of any test`;
	if (report === undefined) return { passed: 0, failures: [outside], skipped: 0 };
	const counts = reportSchema.parse(JSON.parse(report));
	const failures = counts.testResults.flatMap(failuresOf);
	return {
		passed: counts.numPassedTests,
		failures: failures.length === 0 && status !== 0 ? [outside] : failures,
		skipped: counts.numPendingTests + counts.numTodoTests,
	};
}

type TestFile = z.infer<typeof reportSchema>['testResults'][number];

/** A file that could not even be loaded has no test in it that failed. */
function failuresOf({ name, status, message, assertionResults }: TestFile): string[] {
	const file = relative(process.cwd(), name);
	const tests = assertionResults.filter((test) => test.status === 'failed');
	if (tests.length === 0) return status === 'failed' ? [`${file}\n${message}`] : [];
	return tests.map((test) => [`${file}: ${test.fullName}`, ...test.failureMessages].join('\n'));
}

export function addTallies(tallies: readonly Tally[]): Tally {
	return {
		passed: sum(tallies.map(({ passed }) => passed)),
		failures: tallies.flatMap(({ failures }) => failures),
		skipped: sum(tallies.map(({ skipped }) => skipped)),
	};
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

/** Each failure again, and then `N passed, N failed`, and `, N skipped` where there are any. */
export function summary({ passed, failures, skipped }: Tally): string {
	const left = skipped > 0 ? `, ${skipped} skipped` : '';
	const tally = `${passed} passed, ${failures.length} failed${left}`;
	return [...failures.map((failure) => `FAILED ${failure}\n`), tally].join('\n');
}
