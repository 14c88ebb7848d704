import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

export type Tally = { passed: number; failed: number; skipped: number };

const reportSchema = z.object({
	numPassedTests: z.int(),
	numFailedTests: z.int(),
	numPendingTests: z.int(),
	numTodoTests: z.int(),
	testResults: z.array(
		z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
	),
});

/** Counts one run of Vitest from its JSON report (undefined when it wrote none) and its exit status. */
export function tallyOf(report: string | undefined, status: number): Tally {
	// A run without a report, or one that failed outside any test, is one failure.
	const unseen = status === 0 ? 0 : 1;
	if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
	const counts = reportSchema.parse(JSON.parse(report));
	// A file that could not even be loaded has no test in it to count.
	const broken = counts.testResults.filter(
		(file) =>
			file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
	);
	const failed = counts.numFailedTests + broken.length;
	return {
		passed: counts.numPassedTests,
		failed: Math.max(failed, unseen),
		skipped: counts.numPendingTests + counts.numTodoTests,
	};
}

export function addTallies(tallies: readonly Tally[]): Tally {
	const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
	return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** `N passed, N failed`, and `, N skipped` where there are any. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
