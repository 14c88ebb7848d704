import { dirname, join } from 'node:path';
import { alreadyRunning } from '../ops/run/banner.ts';
import { claimInstance } from '../ops/run/instance.ts';
import { runCommand } from '../ops/run/run.ts';
import { ensureInstalled } from '../ops/run/services.ts';
import { privateFolder } from '../ops/services/folder.ts';
import { servicePrograms } from '../ops/services/programs.ts';
import { SetupError } from '../ops/services/setup-error.ts';
import { openBench } from './bench.ts';
import { comparisons } from './comparisons/all.ts';
import { growthHeld } from './comparisons/growth.ts';
import { idleHeld } from './comparisons/idle.ts';
import { telemetryHeld } from './comparisons/telemetry.ts';
import { apartNames, type Extent, readFlags, usualNames } from './flags.ts';
import type { Figure } from './report/figure.ts';
import { commit, machine, versions } from './report/machine.ts';
import { reports, writeReport } from './report/write.ts';
import { ensurePeers } from './setup/peers.ts';
import { startServices } from './setup/services.ts';

process.chdir(dirname(import.meta.dirname));

await runCommand('.data/bench', 'bench', { whenStopped: 1 }, async (run) => {
	const extent = readFlags(process.argv.slice(2));
	const { folder } = run;
	privateFolder(folder);
	const state = { command: 'npm run bench', pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(folder, 'bench', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	try {
		await ensureInstalled(servicePrograms, 'the measurements', run);
		const missing = await ensurePeers(run);
		await using stack = new AsyncDisposableStack();
		const pids = await startServices(run, stack);
		endWith(stack, run.signal);
		const bench = openBench(run, extent, stack, missing, pids);
		const figures: Figure[] = [];
		for (const name of extent.only) figures.push(...(await comparisons[name](bench)));
		const { pairs, seconds, quick } = extent;
		const measured = {
			...{ at: new Date().toISOString(), commit: await commit(), pairs, seconds, quick },
			...{ machine: machine(), versions: await versions((await bench.system()).vhost, missing) },
			...{ missing: missing.join(', '), figures },
		};
		await writeReport(measured, placeOf(extent, folder), run.say, run.signal);
		const held = [telemetryHeld, growthHeld, idleHeld].map((isHeld) => isHeld(figures));
		// Two pairs of a second say nothing that a status could depend on.
		return held.every(Boolean) || quick ? 0 : 1;
	} finally {
		claim.release();
	}
});

/** What is to be committed lies beside the former one of its kind; anything else is for whoever ran it. */
function placeOf({ quick, only }: Extent, folder: string): string {
	if (quick) return join(folder, 'reports');
	if (only.length === usualNames.length) return reports;
	const apart = apartNames.find((name) => only.length === 1 && only[0] === name);
	return apart ? join(reports, apart) : join(folder, 'reports');
}

/** Ends every process first, also where an error comes from outside of what is waited for. */
function endWith(stack: AsyncDisposableStack, signal: AbortSignal): void {
	const end = () => void stack.disposeAsync().finally(() => process.exit(1));
	let ending = false;
	const endOnce = () => {
		// A second disposal would not wait for the first.
		if (!ending) end();
		ending = true;
	};
	signal.addEventListener('abort', endOnce, { once: true });
	process.on('uncaughtException', (error) => {
		if (!ending) console.error(error);
		endOnce();
	});
}
