import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitoringPrograms } from '../../ops/run/monitoring-programs.ts';
import { freePort, privateFolder, writePrivate } from '../../ops/services/folder.ts';
import { startMonitor } from '../../ops/services/monitor.ts';
import { planMonitoring, type Watched } from '../../ops/services/monitoring.ts';
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
	prometheusUrl: string;
	/** The first alert that Alertmanager tells somebody of, past or to come, that fits. */
	told(fits: (alert: Alert) => boolean): Promise<Alert>;
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
	const alerts: Alert[] = [];
	const waiting = new Set<() => void>();
	const webhook = await startEndpoint((_, body, response) => {
		// As Alertmanager's webhooks are documented.
		const group = JSON.parse(body.toString()) as { alerts: Alert[] };
		alerts.push(...group.alerts);
		for (const look of waiting) look();
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
	return {
		prometheusUrl,
		prometheus: prometheusApi(prometheusUrl),
		async told(fits) {
			for (;;) {
				const found = alerts.find(fits);
				if (found) return found;
				await new Promise<void>((resolve) => waiting.add(resolve));
			}
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

function change(file: string, by: (content: unknown) => unknown): void {
	writeFileSync(file, JSON.stringify(by(JSON.parse(readFileSync(file, 'utf8')))));
}
