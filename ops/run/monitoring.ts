import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAlertSettings } from '../alertmanager/settings.ts';
import { privateFolder } from '../services/folder.ts';
import {
	type MonitorPlan,
	planMonitoring,
	startMonitor,
	type Watched,
} from '../services/monitoring.ts';
import { ensurePrograms, findProgram, MissingPrograms, packagesFor } from '../services/programs.ts';
import { monitoringLines } from './banner.ts';
import { type Kept, keepRunning, type Stages } from './keep-running.ts';
import type { Run } from './run.ts';

/** Of what came up. */
export type MonitoringUrls = {
	prometheusUrl?: string | undefined;
	/** The page of Prometheus that shows what fires. */
	alertsUrl?: string | undefined;
	alertmanagerUrl?: string | undefined;
};

// Longer than it takes, and shorter than a person would mind.
const bannerWaitsMs = 3_000;

/**
 * Starts what watches the product, beside everything else: where it fails a line says so and the product goes on. What is
 * returned resolves when it is up; with undefined when there is none, or after as long as the banner waits.
 */
export function openMonitoring(
	watched: Watched,
	{ folder, say, signal, stages }: Pick<Run, 'folder' | 'say' | 'signal'> & { stages: Stages },
): () => Promise<MonitoringUrls | undefined> {
	const stopped = new AbortController();
	const ended = AbortSignal.any([signal, stopped.signal]);
	const kept: Kept[] = [];
	let bannerIsOut = false;

	async function open(): Promise<MonitoringUrls | undefined> {
		if (!(await ensureMonitoring(say, ended))) return undefined;
		ended.throwIfAborted();
		const place = join(folder, 'monitoring');
		privateFolder(place);
		const settings = readAlertSettings(process.env);
		const has = (program: string) => findProgram(program) !== undefined;
		const { plans, ...planned } = await planMonitoring(place, watched, settings, has);
		const begun = Date.now();
		const up = (await Promise.all(plans.map(start))).filter((name) => name !== undefined);
		if (up.length > 0)
			say(`${up.join(', ')} up after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
		const urls: MonitoringUrls = {};
		if (up.includes('Prometheus')) {
			urls.prometheusUrl = planned.prometheusUrl;
			urls.alertsUrl = await findAlertsPage(planned.prometheusUrl);
		}
		if (up.includes('Alertmanager')) urls.alertmanagerUrl = planned.alertmanagerUrl;
		if (bannerIsOut) for (const [name, at] of monitoringLines(urls)) say(`${name} is at ${at}`);
		return urls;
	}

	async function start(plan: MonitorPlan): Promise<string | undefined> {
		const { name } = plan;
		try {
			const first = await startMonitor(plan, { signal: ended });
			const one = keepRunning(name, first, (until) => startMonitor(plan, { signal: until }), say);
			one.gaveUp.then((reason) => say(`${reason}; the product goes on without it`));
			kept.push(one);
			return name;
		} catch (error) {
			if (!ended.aborted) say(`running without ${name}: ${firstLine(error)}`);
			return undefined;
		}
	}

	const opening = open().catch((error) => {
		if (!ended.aborted) say(`running without monitoring: ${firstLine(error)}`);
		return undefined;
	});
	stages.add('monitoring', {
		async stop(withinMs) {
			stopped.abort();
			await opening;
			await Promise.all(kept.map((one) => one.stop(withinMs)));
		},
	});
	return async () => {
		const urls = await Promise.race([opening, sleep(bannerWaitsMs, undefined, { ref: false })]);
		bannerIsOut = true;
		return urls;
	};
}

function firstLine(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return text.split('\n').slice(0, 2).join(' ').replaceAll(/\s+/g, ' ');
}

const needed = ['prometheus', 'prometheus-alertmanager'] as const;
const exporters = [
	...(['prometheus-node-exporter', 'prometheus-mysqld-exporter'] as const),
	'prometheus-redis-exporter',
] as const;
export const monitoringPrograms = [...needed, ...exporters] as const;

/**
 * Installs what is missing where it may; otherwise says in one line how to get it. False when there can be no monitoring;
 * without exporters there is less to see, and that is all.
 */
export async function ensureMonitoring(
	say: (text: string) => void,
	signal: AbortSignal,
): Promise<boolean> {
	try {
		await ensurePrograms(
			monitoringPrograms,
			'the monitoring (not wanted: --no-monitoring)',
			say,
			signal,
		);
	} catch (error) {
		if (!(error instanceof MissingPrograms)) throw error;
		const packages = packagesFor(error.programs).join(' ');
		const command = `sudo apt-get install --no-install-recommends ${packages}`;
		const enough = needed.every((name) => findProgram(name));
		say(`${enough ? 'monitoring without' : 'no monitoring without'} ${packages} (${command})`);
		return enough;
	}
	return true;
}

const pages = ['/alerts', '/classic/alerts'];

/** Where a Prometheus shows what fires; Debian's has its pages elsewhere. Undefined when it has none. */
export async function findAlertsPage(prometheusUrl: string): Promise<string | undefined> {
	// It listens there alone, whatever else the name leads to.
	const asked = prometheusUrl.replace('localhost', '127.0.0.1');
	for (const page of pages) {
		const signal = AbortSignal.timeout(1_000);
		const answer = await fetch(asked + page, { signal }).catch(() => undefined);
		await answer?.body?.cancel();
		if (answer?.ok) return prometheusUrl + page;
	}
	return undefined;
}
