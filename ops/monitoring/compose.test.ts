import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
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
	pids_limit: z.number(),
	ports: z.array(z.string()).default([]),
	volumes: z.array(z.string()).default([]),
	healthcheck: z.unknown().optional(),
	stop_grace_period: z.string().optional(),
});

const text = readFileSync(join(ops, 'compose.yaml'), 'utf8');
const { services } = z
	.object({ services: z.record(z.string(), serviceSchema) })
	.parse(parse(text, { merge: true }));
const all = Object.entries(services);
/** Who goes on running, and is not one that ends by itself. */
const lasting = all.filter(([, { restart }]) => restart !== 'no');

describe.skipIf(isMissing('docker-compose'))('docker-compose', () => {
	// Debian's is older than the name of a project.
	const config = (file: string, env: Record<string, string>) =>
		runTool('docker-compose', ['--project-name', 'verifeed', '-f', '-', 'config'], {
			env,
			cwd: ops,
			input: readFileSync(join(ops, file), 'utf8').replace(/^name: .*$/m, ''),
		});

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
	const shutdownMs = Number(/SHUTDOWN_MS: "(\d+)"/.exec(text)?.[1]);
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

test('every setting of the compose file stands in the example, and none that it does not have', () => {
	const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
	const example = readFileSync(join(ops, '.env.example'), 'utf8');
	const named = [...example.matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
	expect(named.toSorted()).toEqual([...used].toSorted());
});
