import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServices } from '../../bench/setup/services.ts';
import { alreadyRunning } from '../../ops/run/banner.ts';
import { claimInstance } from '../../ops/run/instance.ts';
import { type Run, runCommand } from '../../ops/run/run.ts';
import { ensureInstalled } from '../../ops/run/services.ts';
import { privateFolder } from '../../ops/services/folder.ts';
import { servicePrograms } from '../../ops/services/programs.ts';
import { SetupError } from '../../ops/services/setup-error.ts';
import { openSystem } from '../harness/system.ts';
import { fuzzRound, type Used, usedBy, wrongAtTheEnd } from './fuzz.ts';
import { openFuzzSystem } from './fuzz-system.ts';

const usage = `npm run fuzz -- [--minutes N] [--seed N]
  --minutes  how long random things are sent; 5 when not given
  --seed     the same seed sends the same things in the same order`;

const round = { documents: 200, bytes: 200, messages: 50 };
const megabyte = 1024 * 1024;
/** So many operations of them are more than a server remembers: from then on it has all that it may keep. */
const warmUpRounds = 6;
const mostMegabytes = 20;

process.chdir(dirname(dirname(import.meta.dirname)));

await runCommand('.data/fuzz', 'fuzz', { whenStopped: 1 }, async (run) => {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '5' },
			seed: { type: 'string', default: String(randomInt(2 ** 31)) },
		},
	});
	const minutes = Number(values.minutes);
	const seed = Number(values.seed);
	if (!(minutes >= 0 && seed >= 0)) throw new SetupError(usage);
	privateFolder(run.folder);
	const state = { command: 'npm run fuzz', pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(run.folder, 'fuzz', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	// Nothing of it is worth an orderly end; with this process everything it started ends.
	run.signal.addEventListener('abort', () => process.exit(1), { once: true });
	try {
		await ensureInstalled(servicePrograms, 'the fuzzer', run);
		return await fuzz(run, minutes, seed);
	} finally {
		claim.release();
		rmSync(join(run.folder, 'mariadb'), { recursive: true, force: true });
	}
});

async function fuzz(run: Run, minutes: number, seed: number): Promise<number> {
	await using stack = new AsyncDisposableStack();
	await startServices(run, stack, { throwAway: true });
	const system = stack.use(await openSystem());
	const fuzzed = await openFuzzSystem(system);
	stack.defer(() => fuzzed.close());
	run.say(`seed ${seed}; rounds of ${JSON.stringify(round)} for ${minutes} min`);
	let rounds = 0;
	for (; rounds < warmUpRounds; rounds += 1) await fuzzRound(fuzzed, seed + rounds, round);
	const before = await usedBy(fuzzed);
	const until = Date.now() + minutes * 60_000;
	for (; Date.now() < until; rounds += 1) await fuzzRound(fuzzed, seed + rounds, round);
	const wrong = await wrongAtTheEnd(fuzzed);
	const after = await usedBy(fuzzed);
	console.log(`\n| what | times |\n| --- | --: |`);
	const sorted = [...fuzzed.tally].toSorted(([a], [b]) => a.localeCompare(b));
	for (const [what, times] of sorted) console.log(`| ${what} | ${times} |`);
	console.log(
		`\n${rounds} rounds; in use ${inMegabytes(before)} before, ${inMegabytes(after)} after`,
	);
	for (const name of ['server', 'worker'] as const) {
		const more = (after[name] - before[name]) / megabyte;
		if (more > mostMegabytes) wrong.push(`${name} uses ${more.toFixed(1)} MB more than before`);
	}
	for (const what of wrong) console.log(`BROKEN: ${what}`);
	return wrong.length === 0 ? 0 : 1;
}

function inMegabytes({ server, worker }: Used): string {
	return `server ${(server / megabyte).toFixed(1)} MB, worker ${(worker / megabyte).toFixed(1)} MB`;
}
