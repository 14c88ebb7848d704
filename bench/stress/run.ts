import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alreadyRunning } from '../../ops/run/banner.ts';
import { claimInstance } from '../../ops/run/instance.ts';
import { type Run, runCommand } from '../../ops/run/run.ts';
import { ensureInstalled } from '../../ops/run/services.ts';
import { privateFolder } from '../../ops/services/folder.ts';
import { servicePrograms } from '../../ops/services/programs.ts';
import { SetupError } from '../../ops/services/setup-error.ts';
import { commit, machine } from '../report/machine.ts';
import { startServices } from '../setup/services.ts';
import { type Flags, readFlags } from './flags.ts';
import { runPhase } from './phase.ts';
import { tableOf, writeReport } from './report.ts';
import type { PhaseResult } from './result.ts';
import { verdictsOf } from './verdicts.ts';

process.chdir(dirname(dirname(import.meta.dirname)));

await runCommand('.data/stress', 'stress', { whenStopped: 1 }, async (run) => {
	const flags = readFlags(process.argv.slice(2));
	const { folder, signal } = run;
	privateFolder(folder);
	const state = { command: 'npm run stress', pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(folder, 'stress', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	// Nothing of it is worth an orderly end; with this process everything it started ends.
	signal.addEventListener('abort', () => process.exit(1), { once: true });
	try {
		await ensureInstalled(servicePrograms, 'the stress test', run);
		return (await stress(flags, run)) ? 0 : 1;
	} finally {
		claim.release();
	}
});

/** Puts each load on a system of its own; false where a demand is not met. */
async function stress({ loads, workers, settings, out }: Flags, run: Run): Promise<boolean> {
	await using stack = new AsyncDisposableStack();
	const pids = await startServices(run, stack, { throwAway: true });
	const facts = { machine: machine(), node: process.versions.node, commit: await commit() };
	const phases: PhaseResult[] = [];
	for (const load of loads) {
		const folder = join(run.folder, `${load.rate} ${load.cache}`);
		rmSync(folder, { recursive: true, force: true });
		const phase = await runPhase(load, { folder, workers, settings, pids }, run.say);
		console.log(`\n${tableOf(phase)}`);
		phases.push(phase);
	}
	const report = { at: new Date().toISOString(), ...facts, workers, settings, phases };
	const files = writeReport(out, report);
	run.say(`written to ${out}: ${files.join(', ')}`);
	return phases.flatMap(verdictsOf).every(({ holds }) => holds);
}
