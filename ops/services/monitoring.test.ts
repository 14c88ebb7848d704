import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMissing, runTool } from '../monitoring/tool.ts';
import { localConfiguration } from '../prometheus/local.ts';
import { privateFolder } from './folder.ts';
import { planMonitoring } from './monitoring.ts';

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'verifeed [monitoring] '));
});
afterAll(() => rmSync(folder, { recursive: true }));

const watched = {
	...{ server: ['127.0.0.1:9464'], worker: ['127.0.0.1:9465'], rabbitmq: '127.0.0.1:15692' },
	...{ mysqlUrl: "mysql://me:it's@127.0.0.1:3306/verifeed", redisUrl: 'redis://:a%20b@127.0.0.1' },
};

const everything = () => true;

function planIn(name: string, ...[of, has]: [typeof watched, () => boolean]) {
	const place = join(folder, name);
	privateFolder(place);
	return planMonitoring(place, of, {}, has);
}

test.skipIf(isMissing('promtool') || isMissing('amtool'))(
	'the tools have nothing against what is written, in a folder of any name',
	async () => {
		await planIn('whole', watched, everything);
		const cwd = join(folder, 'whole', 'prometheus');
		const checked = await runTool('promtool', ['check', 'config', 'prometheus.json'], { cwd });
		expect(checked.ok, checked.output).toBe(true);
		expect(checked.output).toContain('2 rule files found');
		const own = { cwd: join(folder, 'whole', 'alertmanager') };
		const routes = await runTool('amtool', ['check-config', 'alertmanager.json'], own);
		expect(routes.ok, routes.output).toBe(true);
	},
);

test('no password is an argument, which every user of the machine sees', async () => {
	const { plans } = await planIn('secrets', watched, everything);
	expect(plans).toHaveLength(5);
	for (const { args } of plans) expect(args.join(' ')).not.toMatch(/it's|a b|a%20b/);
});

test('what is not there is not scraped: no alert is about it', async () => {
	const bare = { ...watched, rabbitmq: '', mysqlUrl: '', redisUrl: '' };
	const { plans } = await planIn('bare', bare, () => false);
	expect(plans.map(({ name }) => name)).toEqual(['Prometheus', 'Alertmanager']);
	const jobs = localConfiguration({ server: ['a:1'], mysql: [] }, 'b:2').scrape_configs;
	expect(jobs).toEqual([{ job_name: 'server', static_configs: [{ targets: ['a:1'] }] }]);
});

test('a job keeps what else prometheus.yml says of it', () => {
	const [job] = localConfiguration({ 'rabbitmq-detailed': ['a:1'] }, 'b:2').scrape_configs;
	expect(job).toMatchObject({
		metrics_path: '/metrics/detailed',
		params: { family: ['queue_coarse_metrics', 'queue_consumer_count'] },
	});
	expect(() => localConfiguration({ nope: ['a:1'] }, 'b:2')).toThrow('no job nope');
});

test('a Prometheus keeps the port it has once got, and leaves one that is taken', async () => {
	const { prometheusUrl } = await planIn('ports', watched, everything);
	expect((await planIn('ports', watched, everything)).prometheusUrl).toBe(prometheusUrl);
	const other = createServer().listen(Number(new URL(prometheusUrl).port), '127.0.0.1');
	await new Promise((resolve) => other.once('listening', resolve));
	expect((await planIn('ports', watched, everything)).prometheusUrl).not.toBe(prometheusUrl);
	other.close();
});
