import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../platform/config.ts';
import { settings } from '../../platform/settings.ts';
import { ops } from './files.ts';
import { isMissing, runTool } from './tool.ts';

const secrets = ['MYSQL', 'MYSQL_EXPORTER', 'RABBITMQ', 'REDIS'].map((name) => `${name}_PASSWORD`);
const required = [...secrets, 'GRAFANA_ADMIN_PASSWORD'];
const given = Object.fromEntries(required.map((name) => [name, 'x']));
const composeFiles = readdirSync(ops).filter((name) => /compose.*\.ya?ml$/.test(name));

const serviceSchema = z.object({
	image: z.string(),
	build: z.unknown().optional(),
	user: z.string().optional(),
	read_only: z.boolean().default(false),
	restart: z.string(),
	cap_drop: z.array(z.string()),
	mem_limit: z.string(),
	cpus: z.number(),
	pids_limit: z.number(),
	ports: z.array(z.string()).default([]),
	volumes: z.array(z.string()).default([]),
	healthcheck: z.unknown().optional(),
	stop_grace_period: z.string().optional(),
});

const configSchema = z.object({
	services: z.record(
		z.string(),
		z.object({ environment: z.record(z.string(), z.string()).optional() }),
	),
});
/** Those that read settings. */
const ours = ['server', 'worker', 'warm-up', 'migrate', 'admin'];
/** Where our processes listen, and where their services are. */
const decided = [
	'HTTP_HOST',
	'HTTP_PORT',
	'METRICS_HOST',
	'METRICS_PORT',
	'MYSQL_URL',
	'RABBITMQ_URL',
	'REDIS_URL',
];

const text = readFileSync(join(ops, 'compose.yaml'), 'utf8');
const { services } = z
	.object({ services: z.record(z.string(), serviceSchema) })
	.parse(parse(text, { merge: true }));
const all = Object.entries(services);
/** Who goes on running, and is not one that ends by itself. */
const lasting = all.filter(([, { restart }]) => restart !== 'no');

describe.skipIf(isMissing('docker-compose'))('docker-compose', () => {
	/** What it makes of a compose file beside a `.env`, as in ops/. Debian's is older than the name of a project. */
	async function config(file: string, env: Record<string, string> | null) {
		const folder = mkdtempSync(join(tmpdir(), 'verifeed-compose-'));
		try {
			const lines = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}\n`);
			if (env) writeFileSync(join(folder, '.env'), lines.join(''));
			return await runTool('docker-compose', ['--project-name', 'verifeed', '-f', '-', 'config'], {
				cwd: folder,
				input: readFileSync(join(ops, file), 'utf8').replace(/^name: .*$/m, ''),
			});
		} finally {
			rmSync(folder, { recursive: true });
		}
	}

	/** What each of our processes is given. */
	async function environments(env: Record<string, string>) {
		const { output, ok } = await config('compose.yaml', env);
		expect(ok, output).toBe(true);
		const { services: found } = configSchema.parse(parse(output));
		return ours.map((name) => found[name]?.environment ?? {});
	}

	test('has nothing against any compose file', async () => {
		expect(composeFiles).toContain('compose.yaml');
		for (const file of composeFiles) {
			const { output, ok } = await config(file, given);
			expect(ok, output).toBe(true);
		}
	});

	test('refuses to start without secrets', async () => {
		const { output, ok } = await config('compose.yaml', {});
		expect(ok).toBe(false);
		expect(output).toContain('set it in ops/.env');
		expect((await config('compose.yaml', null)).ok).toBe(false);
	});

	test('gives every setting to each of our processes, but those that it decides itself', async () => {
		const set = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, `of-${name}`]));
		for (const environment of await environments({ ...given, ...set })) {
			const lost = Object.keys(set).filter((name) => environment[name] !== set[name]);
			expect(lost.toSorted()).toEqual(decided);
		}
		for (const environment of await environments(given)) {
			const { MYSQL_URL, RABBITMQ_URL, REDIS_URL, ...others } = environment;
			expect(() => readConfig(environment)).not.toThrow();
			expect([MYSQL_URL, RABBITMQ_URL, REDIS_URL].join()).toMatch(/@mysql:.*@rabbitmq:.*@redis:/);
			expect(others).toMatchObject({ APP_ENV: 'production', SHUTDOWN_MS: '10000' });
		}
	});

	test('gives none of them the secrets of others', async () => {
		const names = [...text.matchAll(/\$\{(\w+)/g)].flatMap(([, name = '']) => name);
		const secret = names.filter((name) => /PASSWORD|TOKEN|^ALERT_\w+_URL$/.test(name));
		expect(secret).toContain('ALERT_TELEGRAM_TOKEN');
		const env = Object.fromEntries(secret.map((name) => [name, `of-${name}`]));
		for (const environment of await environments(env)) {
			const known = Object.keys(environment).filter((name) => environment[name] === env[name]);
			expect(known).toEqual([]);
		}
	});
});

test('no secret may be left out', () => {
	const asked = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
	expect(new Set(asked)).toEqual(new Set(required));
	for (const name of required) expect(text).not.toMatch(new RegExp(`\\$\\{?${name}(?!:\\?)\\}`));
});

test('every image is pinned to one version', () => {
	for (const [name, { image, build }] of all) {
		if (!build) expect(image, name).toMatch(/:v?\d+\.\d+\.\d+(-[a-z]+)?$/);
	}
});

test('the server alone is open to others', () => {
	for (const [name, { ports }] of all) {
		for (const port of ports) {
			if (name !== 'server') expect(port, name).toMatch(/^127\.0\.0\.1:/);
		}
	}
});

test('all have their limits, no capabilities and, but one that hands out folders, no root', () => {
	for (const [name, { user, build, cap_drop }] of all) {
		expect(cap_drop, name).toEqual(['ALL']);
		// Our own image says so itself.
		if (!build) expect(user === 'root' || user === undefined, name).toBe(name === 'volume-owners');
	}
	expect(readFileSync(join(ops, 'Dockerfile'), 'utf8')).toMatch(/^USER node$/m);
});

test('all but MySQL and RabbitMQ have a root file system that is read-only', () => {
	const writable = all.filter(([, { read_only }]) => !read_only).map(([name]) => name);
	expect(writable).toEqual(['mysql', 'rabbitmq']);
});

test('all that go on running say how they are, where their image can', () => {
	const silent = lasting.filter(([, { healthcheck }]) => !healthcheck).map(([name]) => name);
	expect(silent).toEqual(['redis-exporter', 'tempo']);
});

test('our processes have longer to close than they take for it', () => {
	const shutdownMs = Number(/SHUTDOWN_MS: \$\{SHUTDOWN_MS:-(\d+)\}/.exec(text)?.[1]);
	for (const name of ['server', 'worker']) {
		const grace = Number.parseInt(services[name]?.stop_grace_period ?? '0', 10);
		expect(grace * 1000).toBeGreaterThan(shutdownMs * 2);
	}
});

test('what is mounted is there, and read-only', () => {
	const mounted = all.flatMap(([, { volumes }]) => volumes).filter((one) => one.startsWith('.'));
	expect(mounted.length).toBeGreaterThan(5);
	for (const mount of mounted) {
		const [source = '', , mode] = mount.split(':');
		expect(mode, mount).toBe('ro');
		if (source !== './grafana/dashboards') expect(existsSync(join(ops, source)), mount).toBe(true);
	}
});

test('what the compose file asks for stands in the example, and besides it settings alone', () => {
	const isSetting = (name: string | undefined) => Object.hasOwn(settings.shape, name ?? '');
	const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
	const example = readFileSync(join(ops, '.env.example'), 'utf8');
	const named = [...example.matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
	const own = (names: Iterable<string | undefined>) =>
		[...names].filter((name) => !isSetting(name)).toSorted();
	expect(own(named)).toEqual(own(used));
});

test('our processes keep within limits that one machine can give', () => {
	for (const [name, { cpus }] of all) expect(cpus, name).toBeLessThanOrEqual(2);
	for (const name of ours) expect(services[name]?.mem_limit, name).toBe('768m');
});
