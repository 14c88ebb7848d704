import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitoringPrograms } from '../../ops/run/monitoring.ts';
import { privateFolder, writePrivate } from '../../ops/services/folder.ts';
import { planMonitoring, startMonitor, type Watched } from '../../ops/services/monitoring.ts';
import { freePort } from '../../ops/services/ports.ts';
import { findProgram } from '../../ops/services/programs.ts';
import { type Endpoint, startEndpoint } from '../harness/faulty-endpoint.ts';
import { type PrometheusApi, prometheusApi } from './prometheus-api.ts';
import { quickened, quickenRules } from './quick-rules.ts';

export interface Alert {
	status: 'firing' | 'resolved';
	labels: Record<string, string>;
	annotations: Record<string, string>;
}

export interface Watchers extends AsyncDisposable {
	prometheus: PrometheusApi;
	/** Targets that have not been scraped yet, or not lately. */
	down(): Promise<string[]>;
	/** The first alert that fits of those that Alertmanager sends from now on. */
	alerted(fits: (alert: Alert) => boolean): Promise<Alert>;
}

/** Whether all programs of the monitoring are on this machine. */
export const canWatch = monitoringPrograms.every((name) => findProgram(name));

/**
 * Prometheus, Alertmanager and the exporters as `npm start` runs them, but every second, with alerts that come sixty times
 * as fast, and with one virtual host of a broker that others use as well. Each server is labelled for the comparison
 * of warm-ups.
 */
export async function startWatchers(watched: Watched, vhost: string): Promise<Watchers> {
	const stack = new AsyncDisposableStack();
	const folder = mkdtempSync(join(tmpdir(), 'verifeed-watchers-'));
	stack.defer(() => rmSync(folder, { recursive: true, force: true }));
	const waiting = new Set<(alert: Alert) => void>();
	const webhook = await startEndpoint((_, body, response) => {
		// As Alertmanager's webhooks are documented.
		const group = JSON.parse(body.toString()) as { alerts: Alert[] };
		for (const alert of group.alerts) for (const look of waiting) look(alert);
		response.end();
	});
	stack.defer(() => webhook.close());
	const plan = await planFor(folder, watched, webhook);
	change(join(folder, 'prometheus/prometheus.json'), (file) => quickScrapes(file, vhost));
	change(join(folder, 'alertmanager/alertmanager.json'), quickened);
	quickenRules(join(folder, 'prometheus/rules'));
	await Promise.all(
		plan.plans.map(async (one) => {
			const service = await startMonitor(one);
			stack.defer(() => service.stop(3_000));
		}),
	);
	const prometheusUrl = plan.prometheusUrl.replace('localhost', '127.0.0.1');
	const prometheus = prometheusApi(prometheusUrl);
	return {
		prometheus,
		async down() {
			const up = await prometheus.query('sum by (job) (up)');
			const found = new Map(up.map(({ labels, value }) => [labels['job'], value]));
			return jobs(folder)
				.filter(({ name, targets }) => found.get(name) !== targets)
				.map(({ name }) => name);
		},
		alerted(fits) {
			const { promise, resolve } = Promise.withResolvers<Alert>();
			const look = (alert: Alert) => {
				if (fits(alert)) resolve(alert);
			};
			waiting.add(look);
			return promise.finally(() => waiting.delete(look));
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}

/** On ports of its own: those that are well known are for whoever starts the product meanwhile. */
async function planFor(folder: string, watched: Watched, webhook: Endpoint) {
	for (const name of ['prometheus', 'alertmanager']) {
		privateFolder(join(folder, name));
		writePrivate(join(folder, name), 'port', String(await freePort()));
	}
	const settings = { ALERT_WEBHOOK_URL: webhook.url };
	return planMonitoring(folder, watched, settings, () => true);
}

interface ScrapeJob {
	job_name: string;
	static_configs: { targets: string[] }[];
}

function quickScrapes(configuration: unknown, vhost: string): unknown {
	// As localConfiguration has just written it.
	const file = configuration as { scrape_configs: ScrapeJob[] };
	const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
	const scrape_configs = file.scrape_configs.map((job) => {
		if (job.job_name === 'rabbitmq-detailed') {
			const keep = { source_labels: ['vhost'], regex: vhost, action: 'keep' };
			return { ...job, metric_relabel_configs: [keep] };
		}
		if (job.job_name !== 'server') return job;
		const targets = job.static_configs.flatMap((config) => config.targets);
		const labelled = targets.map((target, index) => ({
			...{ targets: [target], labels: { warmup: index === 0 ? 'on' : 'off' } },
		}));
		return { ...job, static_configs: labelled };
	});
	return { ...file, global, scrape_configs };
}

/** Every job of the configuration, with how many targets it has. */
function jobs(folder: string): { name: string; targets: number }[] {
	const text = readFileSync(join(folder, 'prometheus/prometheus.json'), 'utf8');
	const { scrape_configs } = JSON.parse(text) as { scrape_configs: ScrapeJob[] };
	return scrape_configs.map(({ job_name, static_configs }) => ({
		name: job_name,
		targets: static_configs.flatMap(({ targets }) => targets).length,
	}));
}

function change(file: string, by: (content: unknown) => unknown): void {
	writeFileSync(file, JSON.stringify(by(JSON.parse(readFileSync(file, 'utf8')))));
}
