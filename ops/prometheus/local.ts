import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const configuration = z.looseObject({
	global: z.looseObject({}),
	scrape_configs: z.array(
		z.looseObject({
			job_name: z.string(),
			file_sd_configs: z.unknown().optional(),
			static_configs: z.unknown().optional(),
		}),
	),
});

export type PrometheusConfiguration = z.infer<typeof configuration>;
/** Host and port of what there is to scrape, by the job of `prometheus.yml`. */
export type Targets = Readonly<Record<string, readonly string[]>>;

/** `prometheus.yml` for other places than those of `compose.yaml`: jobs without a target are left out. */
export function localConfiguration(
	targets: Targets,
	alertmanager: string,
): PrometheusConfiguration {
	const text = readFileSync(join(import.meta.dirname, 'prometheus.yml'), 'utf8');
	const whole = configuration.parse(parse(text));
	const unknown = Object.keys(targets).find(
		(job) => !whole.scrape_configs.some(({ job_name }) => job_name === job),
	);
	if (unknown) throw new Error(`prometheus.yml has no job ${unknown}`);
	return {
		...whole,
		alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
		scrape_configs: whole.scrape_configs.flatMap(
			({ file_sd_configs: _, static_configs: __, ...job }) => {
				const at = targets[job.job_name] ?? [];
				return at.length === 0 ? [] : [{ ...job, static_configs: [{ targets: at }] }];
			},
		),
	};
}
