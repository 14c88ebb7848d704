import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../../ops/run/run.ts';
import { ensureInstalled } from '../../ops/run/services.ts';
import { privateFolder } from '../../ops/services/folder.ts';
import { servicePrograms } from '../../ops/services/programs.ts';
import { createRandom } from '../../test/faults/random.ts';
import { commit, machine } from '../report/machine.ts';
import { startServices } from '../setup/services.ts';
import { readSimulationFlags, type SimulationFlags } from './flags.ts';
import { realRun } from './real.ts';
import { arrivalsOf, simulate } from './simulate.ts';
import { linesOf, type Summary, summaryOf } from './summary.ts';

process.chdir(dirname(dirname(import.meta.dirname)));

const reports = 'bench/reports/simulation';

await runCommand('.data/simulation', 'simulate', { whenStopped: 1 }, async (run) => {
	const flags = readSimulationFlags(process.argv.slice(2));
	const predicted = predict(flags);
	if (!flags.check) {
		console.log(linesOf({ predicted }).join('\n'));
		return 0;
	}
	privateFolder(run.folder);
	await ensureInstalled(servicePrograms, 'the real run', run);
	await using stack = new AsyncDisposableStack();
	await startServices(run, stack);
	const { ways, processorMs, missed } = await realRun(flags, run);
	const measured = summaryOf(ways, everyOf(predicted.allFinished));
	const lines = linesOf({
		predicted,
		measured,
		'predicted with the missed turns': predict({ ...flags, missed }),
	});
	const { processor, cores } = machine();
	const text = [
		'# The queue at its peak: what was predicted, and what was measured',
		`${new Date().toISOString().slice(0, 10)}, commit ${await commit()}, ${cores} cores of ${processor}: \`npm run simulate -- ${process.argv.slice(2).join(' ')}\``,
		`${Math.round(flags.perSecond * flags.seconds)} submissions in ${flags.seconds} s, ${flags.workers} workers with ${flags.concurrency} downloads at once, ${flags.callsPerSecond} calls a second, answers in ${flags.answerMs.join(' to ')} ms, ${flags.failures * 100} % of attempts fail. Of the workers' processors one download took ${processorMs.toFixed(1)} ms, and ${flags.processorMs} by the simulation. Calls missed ${(missed * 100).toFixed(0)} % of their turns: a process that has no processor for 10 ms comes too late for one (\`sources/turns.ts\`).`,
		lines.join('\n'),
		'',
	].join('\n\n');
	mkdirSync(reports, { recursive: true });
	const name = join(reports, `${flags.perSecond}-a-second-${flags.workers}-workers.md`);
	writeFileSync(name, text);
	console.log(`\n${lines.join('\n')}`);
	run.say(`written to ${name}`);
	return 0;
});

function predict(flags: SimulationFlags): Summary {
	const random = createRandom(flags.seed).next;
	const [from, to] = flags.answerMs;
	const { jobs } = simulate({
		...flags,
		arrivals: arrivalsOf(flags.perSecond, flags.seconds),
		answer: (draw) => (from + draw() * (to - from)) / 1_000,
		processor: flags.processorMs / 1_000,
		// The product's own, as RETRY_BASE_MS, RETRY_MAX_MS and MAX_ATTEMPTS are when nobody sets them.
		...{ backOff: { base: 2, most: 300 }, attempts: 12, random },
	});
	const last = jobs.reduce((most, { finished }) => Math.max(most, finished), 0);
	return summaryOf(jobs, everyOf(last));
}

/** Some eight rows of a table, at round times. */
function everyOf(seconds: number): number {
	const steps = [1, 2, 5, 10, 20, 60, 300, 600, 3_600];
	return steps.find((step) => seconds / step <= 10) ?? 7_200;
}
