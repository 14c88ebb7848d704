import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { privateFolder, writePrivate } from '../services/folder.ts';
import { findProgram } from '../services/programs.ts';
import { monitoringLines } from './banner.ts';
import { createStages } from './keep-running.ts';
import { monitoringPrograms, openMonitoring } from './monitoring.ts';

const here = monitoringPrograms.every((name) => findProgram(name));
const watched = { server: ['127.0.0.1:1'], worker: ['127.0.0.1:2'] };

let folder = '';
let said: string[] = [];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'verifeed-monitoring-'));
	said = [];
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true });
});

function open() {
	const say = (text: string) => void said.push(text);
	const stages = createStages(say);
	const { signal } = new AbortController();
	return { stages, soon: openMonitoring(watched, { folder, say, signal, stages }) };
}

test.skipIf(!here)('it comes up, says where, and ends with everything', async () => {
	const { stages, soon } = open();
	const urls = await soon();
	// Where a busy machine needs longer than a banner waits, a line says it later.
	const later = () => said.find((line) => line.startsWith('Prometheus is at '));
	while (!urls && !later()) await sleep(20);
	const shown = urls ? monitoringLines(urls).join() : said.join();
	const links = (shown.match(/http:[^\s,]+/g) ?? []).map((at) =>
		at.replace('localhost', '127.0.0.1'),
	);
	expect(links).toHaveLength(3);
	expect(shown).toMatch(/what fires: .*\/alerts/);
	for (const link of links) expect((await fetch(link)).status).toBe(200);
	await stages.stopAll();
	await expect(fetch(links[0] ?? '')).rejects.toThrow();
	expect(said.at(-1)).toBe('stopping monitoring');
});

test.skipIf(!here)(
	'where its settings are wrong one line says so, and nothing is started',
	async () => {
		vi.stubEnv('ALERT_TELEGRAM_CHAT', '-1');
		const { stages, soon } = open();
		expect(await soon()).toBeUndefined();
		const mistake =
			'Alerts cannot be sent so: ALERT_TELEGRAM_TOKEN: is needed by ALERT_TELEGRAM_CHAT';
		expect(said).toEqual([`running without monitoring: ${mistake}`]);
		await stages.stopAll();
	},
);

test.skipIf(!here)('a Prometheus that cannot start leaves the others running', async () => {
	const data = join(folder, 'monitoring', 'prometheus');
	privateFolder(data);
	// A file where its data has to be.
	writePrivate(data, 'data', '');
	const { stages, soon } = open();
	expect((await soon())?.prometheusUrl).toBeUndefined();
	while (!said.some((line) => /^Alertmanager, .* up/.test(line))) await sleep(20);
	expect(said.filter((line) => line.startsWith('running without'))).toEqual([
		expect.stringMatching(/^running without Prometheus: Prometheus ended with status/),
	]);
	await stages.stopAll();
});
