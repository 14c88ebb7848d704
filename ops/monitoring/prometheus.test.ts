import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ops, readAlerts, readRuleTests, readYaml } from './files.ts';
import { isMissing, runTool } from './tool.ts';

const place = (...path: string[]) => join(ops, 'prometheus', ...path);

describe.skipIf(isMissing('promtool'))('promtool', () => {
	test('has nothing against the configuration, its targets and its rules', async () => {
		const { output, ok } = await runTool('promtool', ['check', 'config', place('prometheus.yml')]);
		expect(ok, output).toBe(true);
		expect(output).toContain('2 rule files found');
	});

	test('finds no two rules alike', async () => {
		const files = ['recording.yml', 'alerts.yml'].map((name) => place('rules', name));
		const checked = await runTool('promtool', ['check', 'rules', '--lint=all', ...files]);
		expect(checked.ok, checked.output).toBe(true);
	});

	test('sees the alerts fire that should, and no other', async () => {
		const args = ['test', 'rules', place('tests', 'alerts.yml')];
		// It evaluates for a second or two and leaves garbage for five.
		const { output, ok } = await runTool('promtool', args, { env: { GOGC: '400' } });
		expect(ok, output).toBe(true);
	}, 120_000);
});

test('every alert has a test in which it fires, and others in which it is quiet', () => {
	const tests = readRuleTests();
	for (const { alert } of readAlerts()) {
		const firing = tests.filter((names) => names.includes(alert));
		expect(firing.length, alert).toBeGreaterThan(0);
		if (alert !== 'Watchdog') expect(firing.length, alert).toBeLessThan(tests.length);
	}
});

test('no alert has a label of its own over one by which its expression distinguishes series', () => {
	// Two of those that fire would be alike then, for which Prometheus fires none of them.
	for (const { alert, expr, labels } of readAlerts()) {
		const grouping = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) =>
			names.split(/, */),
		);
		expect(
			Object.keys(labels).filter((name) => grouping.includes(name)),
			alert,
		).toEqual([]);
	}
});

test('as many servers and workers are scraped as run', () => {
	const { services } = readYaml('compose.yaml') as { services: Record<string, { scale: number }> };
	for (const [name, port] of [
		['server', 9464],
		['worker', 9465],
	] as const) {
		const scale = services[name]?.scale ?? 1;
		const expected = Array.from({ length: scale }, (_, i) => `verifeed-${name}-${i + 1}:${port}`);
		expect(readYaml('prometheus/targets', `${name}.yml`)).toEqual([{ targets: expected }]);
	}
});
