import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { alreadyRunning } from '../../ops/run/banner.ts';
import { claimInstance } from '../../ops/run/instance.ts';
import { type Run, runCommand } from '../../ops/run/run.ts';
import { ensureInstalled } from '../../ops/run/services.ts';
import { privateFolder } from '../../ops/services/folder.ts';
import { servicePrograms } from '../../ops/services/programs.ts';
import { endEarlier } from '../../ops/services/service.ts';
import { SetupError } from '../../ops/services/setup-error.ts';
import { faultNamed, faults } from './fault-list.ts';
import type { FaultRun } from './fault-run.ts';
import { openProxiedSystem } from './proxied-system.ts';
import { holds, tableOf } from './report.ts';
import { runScenario } from './scenario.ts';

const usage = `npm run faults -- [--minutes N] [--seed N] [--only FAULT]... [--each] [--clients N]
  --minutes  how long faults are mixed; 2 when not given
  --seed     the same seed gives the same faults in the same order
  --only     nothing but this fault; may be given several times
  --each     each fault alone, one after the other, instead of a mix
  --clients  clients at the same time; 200 when not given
  faults: ${faults.map(({ name }) => name).join(', ')}`;

function readFlags() {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '2' },
			seed: { type: 'string', default: String(randomInt(1_000_000)) },
			only: { type: 'string', multiple: true, default: [] },
			each: { type: 'boolean', default: false },
			clients: { type: 'string', default: '200' },
		},
	});
	const numbers = [values.minutes, values.seed, values.clients].map(Number);
	if (!numbers.every((value) => value >= 0)) throw new Error('a number is expected');
	const [minutes = 0, seed = 0, clients = 0] = numbers;
	const chosen = values.only.length > 0 ? values.only.map(faultNamed) : faults;
	return { minutes, seed, clients, each: values.each, chosen };
}

process.chdir(dirname(dirname(import.meta.dirname)));

await runCommand('.data/faults', 'faults', { whenStopped: 1 }, async (run) => {
	let flags: ReturnType<typeof readFlags>;
	try {
		flags = readFlags();
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
	return runFaults(run, flags);
});

async function runFaults(run: Run, flags: ReturnType<typeof readFlags>): Promise<number> {
	const { folder, say, signal } = run;
	const { seed, clients, minutes, each, chosen } = flags;
	privateFolder(folder);
	const state = { command: 'npm run faults', pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(folder, 'faults', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	try {
		await ensureInstalled(servicePrograms, 'the fault harness', run);
		for (const name of ['mysql', 'rabbitmq', 'redis']) {
			await endEarlier(join(folder, name));
			rmSync(join(folder, name), { recursive: true, force: true });
		}
		say(`seed ${seed}; ${each ? 'each fault alone' : `a mix for ${minutes} min`}`);
		await using system = await openProxiedSystem(folder);
		const inject = async (faultRun: FaultRun) => {
			if (!each) return faultRun.mix(chosen, minutes * 60_000);
			for (const fault of chosen) await faultRun.inject(fault);
		};
		// Nothing of it is worth an orderly end; with this process everything it started ends.
		signal.addEventListener('abort', () => process.exit(1), { once: true });
		const outcome = await runScenario(system, {
			seed,
			clients,
			warmUpMs: 8_000,
			runFaults: inject,
			say,
		});
		console.log(tableOf(outcome));
		return holds(outcome) ? 0 : 1;
	} finally {
		claim.release();
	}
}
