import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAlertSettings } from '../alertmanager/settings.ts';
import { writeAlertmanager } from '../alertmanager/write.ts';
import { ops, readAlerts, readYaml } from './files.ts';
import { isMissing, runTool } from './tool.ts';

const email = {
	ALERT_EMAIL_TO: 'oncall@example.org, lead@example.org',
	ALERT_EMAIL_FROM: 'verifeed@example.org',
	ALERT_SMTP_HOST: 'mail.example.org:587',
};
const variants: Record<string, Record<string, string>> = {
	nothing: { ALERT_EMAIL_TO: '', ALERT_SLACK_URL: ' ' },
	email,
	'email with a login': { ...email, ALERT_SMTP_USER: 'verifeed', ALERT_SMTP_PASSWORD: 'a "b" $c' },
	telegram: { ALERT_TELEGRAM_TOKEN: '12:token', ALERT_TELEGRAM_CHAT: '-1001234567890' },
	slack: { ALERT_SLACK_URL: 'https://hooks.slack.com/services/a/b' },
	'slack with a channel': {
		ALERT_SLACK_URL: 'https://hooks.slack.com/services/a/b',
		ALERT_SLACK_CHANNEL: '#oncall',
	},
	webhook: { ALERT_WEBHOOK_URL: 'http://127.0.0.1:8080/alerts' },
	watchdog: { ALERT_WATCHDOG_URL: 'https://example.org/ping/1' },
};
const everything = Object.assign({}, ...Object.values(variants), email);

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'verifeed-alertmanager-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(environment: Record<string, string>) {
	const file = join(folder, 'alertmanager.json');
	writeAlertmanager(file, readAlertSettings(environment));
	const { receivers } = JSON.parse(readFileSync(file, 'utf8'));
	return { file, receivers: receivers as Record<string, unknown>[] };
}

test('what is not set is off', () => {
	const names = [{ name: 'page' }, { name: 'ticket' }, { name: 'watchdog' }];
	expect(write(variants['nothing'] ?? {}).receivers).toEqual(names);
});

test('pages and tickets go all ways that are set, the watchdog only to whom it is for', () => {
	const [page, ticket, watchdog] = write(everything).receivers;
	const ways = ['email_configs', 'telegram_configs', 'slack_configs', 'webhook_configs'];
	expect(Object.keys(page ?? {})).toEqual(['name', ...ways]);
	expect({ ...page, name: '' }).toEqual({ ...ticket, name: '' });
	expect(watchdog?.['webhook_configs']).toEqual([
		{ url: 'https://example.org/ping/1', send_resolved: false },
	]);
});

test('whoever waits for the watchdog hears it every minute', () => {
	const { routes } = z
		.object({ routes: z.array(z.looseObject({ receiver: z.string() })) })
		.parse((readYaml('alertmanager/alertmanager.yml') as { route: unknown }).route);
	const watchdog = routes.find(({ receiver }) => receiver === 'watchdog');
	// One that repeats after exactly that time is left out now and then.
	expect(watchdog).toMatchObject({ group_interval: '1m', repeat_interval: '50s' });
});

test('the file is its owner’s alone', () => {
	expect(statSync(write(everything).file).mode & 0o777).toBe(0o600);
});

test('all that is wrong or half set is named at once, without its value', () => {
	const read = () =>
		readAlertSettings({
			ALERT_EMAIL_TO: 'a@example.org',
			ALERT_SMTP_HOST: 'no port',
			ALERT_TELEGRAM_CHAT: 'secret chat',
			ALERT_WEBHOOK_URL: 'secret',
		});
	expect(read).toThrow(
		[
			'Alerts cannot be sent so:',
			'  ALERT_EMAIL_FROM: is needed by ALERT_EMAIL_TO',
			'  ALERT_TELEGRAM_TOKEN: is needed by ALERT_TELEGRAM_CHAT',
			'  ALERT_SMTP_HOST: host:port is expected',
			'  ALERT_TELEGRAM_CHAT: a number is expected',
			'  ALERT_WEBHOOK_URL: a URL is expected',
		].join('\n'),
	);
});

describe.skipIf(isMissing('amtool'))('amtool', () => {
	test('has nothing against any choice of receivers', async () => {
		for (const [name, environment] of Object.entries({ ...variants, everything })) {
			const checked = await runTool('amtool', ['check-config', write(environment).file]);
			expect(checked.ok, `${name}: ${checked.output}`).toBe(true);
		}
	});

	test('has nothing against the routes as they are in the repository', async () => {
		const file = join(ops, 'alertmanager/alertmanager.yml');
		const checked = await runTool('amtool', ['check-config', file]);
		expect(checked.ok, checked.output).toBe(true);
	});

	test('sends each alert to whom its severity says', async () => {
		const { file } = write(everything);
		const receivers = { page: 'page', ticket: 'ticket', none: 'watchdog' };
		for (const { alert, labels } of readAlerts()) {
			const given = [`alertname=${alert}`, `severity=${labels.severity}`, 'service=server'];
			const args = ['config', 'routes', 'test', `--config.file=${file}`];
			const expected = `--verify.receivers=${receivers[labels.severity]}`;
			const { output, ok } = await runTool('amtool', [...args, expected, ...given]);
			expect(ok, `${alert}: ${output}`).toBe(true);
		}
	});

	test('leads to the Grafana that is set, else to the one of this machine', async () => {
		const link = async (environment: Record<string, string>) => {
			const beside = dirname(write(environment).file);
			const text =
				'--template.text={{ range .Alerts }}{{ template "verifeed.dashboard" . }}{{ end }}';
			const data = join(beside, 'alerts.json');
			const annotations = { dashboard_url: 'http://localhost:3000/d/verifeed-cache' };
			writeFileSync(data, JSON.stringify({ alerts: [{ status: 'firing', annotations }] }));
			const args = ['template', 'render', `--template.glob=${beside}/verifeed.tmpl`];
			return (await runTool('amtool', [...args, `--template.data=${data}`, text])).output.trim();
		};
		expect(await link({})).toBe('http://localhost:3000/d/verifeed-cache');
		const elsewhere = await link({ GRAFANA_URL: 'https://grafana.example.org/g/' });
		expect(elsewhere).toBe('https://grafana.example.org/g/d/verifeed-cache');
	});

	test('renders what people get', async () => {
		const args = ['template', 'render', `--template.glob=${ops}/alertmanager/verifeed.tmpl`];
		const text = '--template.text={{ template "verifeed.message" . }}';
		const { output, ok } = await runTool('amtool', [...args, text]);
		expect(ok, output).toBe(true);
		expect(output).toContain('Silence: ');
	});
});
