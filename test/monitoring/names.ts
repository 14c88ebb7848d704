import { promqlNames } from '../../ops/grafana/checks/promql-names.ts';
import { type Expression, expressions } from '../../ops/grafana/expressions.ts';
import { generatedMetrics } from '../../ops/monitoring/catalogue/telemetry.ts';
import { jobOf, metricOf } from '../../ops/monitoring/catalogue.ts';
import { readYaml } from '../../ops/monitoring/files.ts';

/** These run in `compose.yaml` alone: what they expose is held against the catalogue and no more. */
const onlyInCompose: readonly string[] = ['loki', 'tempo'];

/** Every series that a panel, an alert or a recording rule reads, with the jobs that may expose it. */
export function namedSeries(): { series: string; jobs: readonly string[] }[] {
	const texts = [...promql().map(({ text }) => text), ...ruleExpressions()];
	const names = new Set(
		texts.flatMap((text) => promqlNames(text).selected.map((one) => one.series)),
	);
	return [...names].flatMap((series) => {
		const metric = metricOf(series)?.name;
		// A recording rule's, whose job is gone.
		if (!metric) return [{ series, jobs: [''] }];
		if (metric in generatedMetrics) return [];
		const job = jobOf(metric) ?? '';
		if (onlyInCompose.includes(job)) return [];
		return [{ series, jobs: (job === 'own' ? 'server|worker' : job).split('|') }];
	});
}

/** Why nobody can wait for an answer to these panels here. */
const unanswerable: Readonly<Record<string, string>> = {
	'Dead letters have been there for': 'counts full minutes, of which a test has none to wait for',
};

/** Every PromQL query of a board that this machine can answer. */
export function answerable(): Expression[] {
	return promql()
		.filter(({ of }) => !(of in unanswerable))
		.filter(
			({ metrics }) =>
				!metrics.every(
					(name) => name in generatedMetrics || onlyInCompose.includes(jobOf(name) ?? ''),
				),
		);
}

function promql(): Expression[] {
	return expressions().filter(({ language }) => language === 'promql');
}

function ruleExpressions(): string[] {
	const files = ['recording.yml', 'alerts.yml'].map((name) => readYaml('prometheus/rules', name));
	// Their form is proven by promtool.
	const groups = files.flatMap(
		(file) => (file as { groups: { rules: { expr: string }[] }[] }).groups,
	);
	return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
}
