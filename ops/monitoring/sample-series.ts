import type { Kind } from './catalogue/metric.ts';
import { catalogue, jobOf, type MetricName } from './catalogue.ts';

/** Some values of the labels that queries choose by; any others will do for the rest. */
const someValues: Readonly<Record<string, readonly string[]>> = {
	alertstate: ['firing'],
	cache_result: ['hit', 'miss'],
	db: ['db0'],
	from: ['CREATED', 'PROCESS'],
	fstype: ['ext4', 'tmpfs'],
	mode: ['idle', 'iowait'],
	outcome: ['ok', 'server_error'],
	path: ['cached', 'uncached'],
	quantile: ['50', '99'],
	queue: ['contracts.download', 'contracts.dead'],
	result: ['accepted', 'hit', 'miss'],
	severity: ['page', 'ticket'],
	to: ['CREATED', 'PROCESS', 'SUCCESS', 'ERROR'],
	type: ['query', 'mutation'],
};

const bounds = ['0.1', '0.25', '1', '60', '+Inf'];
const everyTarget = ['server', 'worker', 'rabbitmq', 'mysql', 'redis', 'node'];

/** A series as `promtool test rules` takes it, a value each minute. */
export interface SampleSeries {
	series: string;
	values: string;
}

/** All that the catalogue knows, from two instances of each job, over `minutes` of work. */
export function sampleSeries(minutes: number): SampleSeries[] {
	return Object.entries(catalogue).flatMap(([name, { kind, labels }]) =>
		targets(name).flatMap((target) =>
			combinations(labels).flatMap((own) => samples(name, kind, [...target, ...own], minutes)),
		),
	);
}

function targets(name: string): string[][] {
	const jobs = jobsOf(name);
	return jobs.flatMap((job) =>
		['on', 'off'].map((warmup) => [
			...[`job="${job}"`, `instance="${job}-${warmup}"`],
			...(job === 'server' ? [`warmup="${warmup}"`] : []),
			...(job === 'server' || job === 'worker' ? [`service="${job}"`] : []),
		]),
	);
}

function jobsOf(name: string): string[] {
	// Its keys are the names of metrics.
	const job = jobOf(name as MetricName);
	return job === undefined ? everyTarget : (job === 'own' ? 'server|worker' : job).split('|');
}

function combinations(labels: readonly string[]): string[][] {
	return labels.reduce<string[][]>(
		(all, label) =>
			all.flatMap((some) =>
				(someValues[label] ?? ['a', 'b']).map((value) => [...some, `${label}="${value}"`]),
			),
		[[]],
	);
}

function samples(name: string, kind: Kind, labels: string[], minutes: number): SampleSeries[] {
	const growing = `0+5x${minutes}`;
	const of = (suffix: string, more: string[] = []) =>
		`${name}${suffix}{${[...labels, ...more].join(',')}}`;
	if (kind === 'counter') return [{ series: of(''), values: growing }];
	if (kind === 'gauge') return [{ series: of(''), values: gaugeValues(name, minutes) }];
	return [
		...bounds.map((le) => ({ series: of('_bucket', [`le="${le}"`]), values: growing })),
		{ series: of('_sum'), values: growing },
		{ series: of('_count'), values: growing },
	];
}

/** At the end every process is young, and its version has just been deployed. */
function gaugeValues(name: string, minutes: number): string {
	if (name === 'process_start_time_seconds') return `${(minutes - 2) * 60}x${minutes}`;
	if (name === 'app_build_info') return `_x${minutes - 2} 1x2`;
	return `1x${minutes}`;
}
