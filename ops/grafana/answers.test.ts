import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleSeries } from '../monitoring/sample-series.ts';
import { isMissing, runTool } from '../monitoring/tool.ts';
import { expressions } from './expressions.ts';

const minutes = 70;

/** Asks promtool each query after an hour of made-up work; what it finds wrong, or nothing. */
async function wrongAnswers(queries: readonly string[]): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'verifeed-answers-'));
	try {
		const file = join(folder, 'answers.json');
		const answered = { eval_time: `${minutes}m`, exp_samples: [{ labels: '{}', value: 1 }] };
		const asked = queries.map((text) => ({ ...answered, expr: `sgn(count(${text}))` }));
		const series = { interval: '1m', input_series: sampleSeries(minutes) };
		const tests = [{ ...series, promql_expr_test: asked }];
		writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests }));
		const { ok, output } = await runTool('promtool', ['test', 'rules', file]);
		return ok ? '' : output || 'no reason given';
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

test.skipIf(isMissing('promtool'))(
	'every PromQL query has an answer from a system at work, and none is wrong in itself',
	async () => {
		const queries = expressions({ __rate_interval: '4m' })
			.filter(({ language }) => language === 'promql')
			.map(({ text }) => text);
		expect(await wrongAnswers(queries)).toBe('');
		const ambiguous = 'contracts * on (job) contracts';
		expect(await wrongAnswers([ambiguous])).toMatch(/duplicate series|many-to-many/);
		expect(await wrongAnswers(['contracts{status="nope"}'])).toContain('got: nil');
	},
);
