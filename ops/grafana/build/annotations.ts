import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { colours } from './colours.ts';
import { prometheus } from './datasources.ts';
import { series } from './promql.ts';

// Its value is always 1: a version is deployed when its series begins, and `changes()` never sees it.
const build = 'count by (job, version, commit) (app_build_info';
const deploys = `${build}) unless ${build} offset 5m)`;
const pages = `count by (alertname) (${series('ALERTS', { alertstate: 'firing', severity: 'page' })})`;

/** Vertical marks on every panel: a new version, and alerts that call a person. */
export function annotations(): AnnotationQueryBuilder[] {
	return [
		new AnnotationQueryBuilder()
			.name('Deploys')
			.datasource(prometheus)
			.enable(true)
			.iconColor(colours.neutral)
			.expr(deploys)
			.step('60s')
			.titleFormat('{{job}} {{version}}')
			.textFormat('commit {{commit}}'),
		new AnnotationQueryBuilder()
			.name('Pages')
			.datasource(prometheus)
			.enable(true)
			.iconColor(colours.act)
			.expr(pages)
			.step('60s')
			.titleFormat('{{alertname}}')
			.textFormat('fires'),
	];
}
