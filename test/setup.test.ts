import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monitoringPrograms } from '../ops/run/monitoring.ts';
import { freePort } from '../ops/services/ports.ts';
import { findProgram } from '../ops/services/programs.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { weth } from './harness/contracts.ts';
import { root } from './harness/process.ts';

let parent: string;
let clone: string;
let ports: { HTTP_PORT: string; METRICS_PORT: string };

beforeAll(async () => {
	parent = await mkdtemp(join(tmpdir(), 'verifeed setup '));
	clone = join(parent, 'verifeed');
	const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
		cwd: root,
	});
	for (const path of tracked.toString().split('\0').filter(Boolean)) {
		if (!existsSync(join(root, path))) continue;
		mkdirSync(dirname(join(clone, path)), { recursive: true });
		cpSync(join(root, path), join(clone, path));
	}
	// The worker's metrics are on the one behind the server's.
	ports = { HTTP_PORT: String(await freePort()), METRICS_PORT: String(await freePort(2)) };
});
afterAll(() => rm(parent, { recursive: true, force: true }));

/** What a fresh shell has: none of the settings and paths that npm gave to this test. */
function environment(): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(
		([name]) => !/^(npm_|TEST_|VITEST|NODE|MYSQL_URL|REDIS_URL|RABBITMQ_URL|ETHERSCAN)/i.test(name),
	);
	const path = (process.env['PATH'] ?? '')
		.split(':')
		.filter((part) => !part.includes('node_modules'));
	return { ...Object.fromEntries(kept), PATH: path.join(':'), ...ports };
}

function npmStart() {
	const child = spawn('npm', ['start'], { cwd: clone, env: environment(), detached: true });
	let output = '';
	const { promise: up, resolve, reject } = Promise.withResolvers<void>();
	up.catch(() => {});
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk) => {
			output += chunk;
			if (output.includes('Verifeed is up')) resolve();
		});
	}
	const ended = once(child, 'close').then(([code]) => {
		reject(new Error(`npm start ended before it was up:\n${output}`));
		return code as number | null;
	});
	return { child, up, ended, output: () => output };
}

test('a fresh clone with no packages starts by npm start, serves the example, and stops whole', async () => {
	const url = `http://127.0.0.1:${ports.HTTP_PORT}`;
	const first = npmStart();
	await first.up;
	expect(first.output()).toContain(`http://localhost:${ports.HTTP_PORT}/graphql`);
	await ask(url, 'mutation ($address: Address!) { submitContract(address: $address) { status } }', {
		address: weth,
	});
	const events = await all(watch('ws', url, watchOne, { address: weth }));
	expect(events.at(-1)?.status).toBe('SUCCESS');

	const second = npmStart();
	expect(await second.ended).not.toBe(0);
	expect(second.output()).toContain(ports.HTTP_PORT);

	if (monitoringPrograms.every((name) => findProgram(name))) {
		// In the banner, or in a line of its own where it was not up by then.
		const where =
			/Prometheus +(?:is at )?http:\/\/localhost:\d+\/graph, what fires: http:\/\/localhost:(\S+)/;
		while (!where.test(first.output())) await sleep(20);
		const alerts = where.exec(first.output())?.[1];
		expect((await fetch(`http://127.0.0.1:${alerts}`)).status).toBe(200);
	}

	const services = processesIn(clone);
	expect(services.length).toBeGreaterThan(5);
	process.kill(first.child.pid ?? 0, 'SIGTERM');
	await first.ended;
	expect(processesIn(clone)).toEqual([]);

	// The data is still there, and nothing has to be installed again.
	const third = npmStart();
	await third.up;
	const { data } = await ask<{ contract: { status: string } }>(
		url,
		`{ contract(address: "${weth}") { status } }`,
	);
	expect(data.contract.status).toBe('SUCCESS');
	// As a terminal does for Ctrl-C: to the whole process group.
	process.kill(-(third.child.pid ?? 0), 'SIGINT');
	await third.ended;
	expect(processesIn(clone)).toEqual([]);
}, 600_000);

/** Processes whose working directory is in the folder. */
function processesIn(folder: string): string[] {
	const found = execFileSync('sh', ['-c', 'ls -l /proc/[0-9]*/cwd 2>/dev/null || true']).toString();
	return found
		.split('\n')
		.filter((line) => line.includes(`-> ${folder}`))
		.map((line) => {
			const pid = /\/proc\/(\d+)\//.exec(line)?.[1] ?? '';
			try {
				return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
			} catch {
				return '';
			}
		})
		.filter(Boolean);
}
