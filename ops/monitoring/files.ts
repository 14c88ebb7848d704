import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const ops = dirname(import.meta.dirname);

/** A YAML file below ops/, with its anchors and merges applied. */
export function readYaml(...path: string[]): unknown {
	return parse(readFileSync(join(ops, ...path), 'utf8'), { merge: true });
}

const rulesSchema = z.object({
	groups: z.array(
		z.object({
			name: z.string(),
			rules: z.array(
				z.strictObject({
					alert: z.string(),
					expr: z.string(),
					for: z.string().optional(),
					labels: z.strictObject({
						severity: z.enum(['page', 'ticket', 'none']),
						service: z.string(),
					}),
					annotations: z.strictObject({
						summary: z.string(),
						description: z.string(),
						runbook_url: z.string(),
						dashboard_url: z.string(),
					}),
				}),
			),
		}),
	),
});

/** Every alert, each with all labels and annotations that it has to have. */
export function readAlerts() {
	const { groups } = rulesSchema.parse(readYaml('prometheus/rules/alerts.yml'));
	return groups.flatMap(({ rules }) => rules);
}

const testsSchema = z.object({
	tests: z.array(
		z.object({
			name: z.string(),
			promql_expr_test: z
				.array(z.object({ exp_samples: z.array(z.object({ labels: z.string() })) }))
				.default([]),
		}),
	),
});

/** For each rule test, the names of all alerts that it says fire. */
export function readRuleTests(): string[][] {
	const { tests } = testsSchema.parse(readYaml('prometheus/tests/alerts.yml'));
	return tests.map(({ promql_expr_test }) =>
		promql_expr_test.flatMap(({ exp_samples }) =>
			exp_samples.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1] ?? labels),
		),
	);
}
