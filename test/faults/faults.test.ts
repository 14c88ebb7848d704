import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultNamed, faults } from './fault-list.ts';
import type { FaultRun } from './fault-run.ts';
import { openProxiedSystem, type ProxiedSystem } from './proxied-system.ts';
import { holds, tableOf } from './report.ts';
import { runScenario } from './scenario.ts';

const oneByOne = [
	'process-kill',
	'mysql-connections-killed',
	'link-cut',
	'redis-connections-killed',
	'rabbitmq-purge',
	'mysql-disk-full',
	'redis-kill',
	'step-written-uncommitted',
	'step-committed-unheard',
];
// The rest takes RabbitMQ or a lease away for longer than a test may last.
const mixed = faults.filter(({ name }) => !/^rabbitmq-(kill|restart|wipe)|freeze/.test(name));
const mixMs = 6_000;

let folder: string;
let system: ProxiedSystem;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'verifeed-faults-'));
	system = await openProxiedSystem(folder);
});
afterAll(async () => {
	await system[Symbol.asyncDispose]();
	await rm(folder, { recursive: true, force: true });
});

test('every promise holds through faults, one by one and a few at once', async () => {
	const runFaults = async (faultRun: FaultRun) => {
		for (const name of oneByOne) await faultRun.inject(faultNamed(name));
		await faultRun.mix(mixed, mixMs);
	};
	const seed = randomInt(1_000_000);
	const said: string[] = [`seed ${seed}`];
	const say = (text: string) => void said.push(text);
	const outcome = await runScenario(system, { seed, clients: 40, warmUpMs: 3_000, runFaults, say });
	// All of it is needed to see why.
	const story = [...said, tableOf(outcome)].join('\n');
	console.log(holds(outcome) ? said.join('\n') : story);
	expect(outcome.observations.violations.size, story).toBe(0);
}, 240_000);
