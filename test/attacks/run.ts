import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServices } from '../../bench/setup/services.ts';
import { alreadyRunning } from '../../ops/run/banner.ts';
import { claimInstance } from '../../ops/run/instance.ts';
import { type Run, runCommand } from '../../ops/run/run.ts';
import { ensureInstalled } from '../../ops/run/services.ts';
import { privateFolder } from '../../ops/services/folder.ts';
import { servicePrograms } from '../../ops/services/programs.ts';
import { SetupError } from '../../ops/services/setup-error.ts';
import { all, ask, watch, watchOne } from '../harness/client.ts';
import { verified } from '../harness/contracts.ts';
import { metric } from '../harness/metrics.ts';
import { openSystem, type ServerProcess } from '../harness/system.ts';
import { attacks } from './attacks.ts';
import { startBystander } from './bystander.ts';
import { canLimitMemory, withMemory } from './memory-limit.ts';

const usage = `npm run attacks -- [--memory N] [--seconds N] [--only TEXT]
  --memory   megabytes that the server may use, where the machine can hold it to them; 768 when not given
  --seconds  how long each attack goes on at most; 20 when not given
  --only     attacks whose name has this in it`;

/** A bystander has to be asked often enough to say anything. */
const leastSeconds = 3;

process.chdir(dirname(dirname(import.meta.dirname)));

await runCommand('.data/attacks', 'attacks', { whenStopped: 1 }, async (run) => {
	const { values } = parseArgs({
		options: {
			memory: { type: 'string', default: '768' },
			seconds: { type: 'string', default: '20' },
			only: { type: 'string', default: '' },
		},
	});
	const options = { memory: Number(values.memory), seconds: Number(values.seconds) };
	if (!(options.memory > 0 && options.seconds > 0)) throw new SetupError(usage);
	privateFolder(run.folder);
	const state = { command: 'npm run attacks', pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(run.folder, 'attacks', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	run.signal.addEventListener('abort', () => process.exit(1), { once: true });
	try {
		await ensureInstalled(servicePrograms, 'the attacks', run);
		return await attackAll(run, { ...options, only: values.only });
	} finally {
		claim.release();
		rmSync(join(run.folder, 'mariadb'), { recursive: true, force: true });
	}
});

interface Options {
	memory: number;
	seconds: number;
	only: string;
}

/** Each attack on one server, with a bystander that asks for a status 33 times a second meanwhile. */
async function attackAll(run: Run, { memory, seconds, only }: Options): Promise<number> {
	await using stack = new AsyncDisposableStack();
	await startServices(run, stack, { throwAway: true });
	const system = stack.use(await openSystem());
	await system.worker();
	const isLimited = canLimitMemory();
	run.say(isLimited ? `the server has ${memory} MB` : 'memory cannot be limited here');
	const start = () => system.server();
	const server = await (isLimited ? withMemory(memory, start) : start());
	const large = await fill(server, system.emulator);
	console.log(
		'| attack | lasts | bystander, answers a second | its slowest | most memory | alive |',
	);
	console.log('| --- | ---: | ---: | ---: | ---: | --- |');
	let dead = 0;
	for (const [name, attack] of Object.entries(attacks)) {
		if (!name.includes(only)) continue;
		const controller = new AbortController();
		const { signal } = controller;
		const bystander = startBystander(server.url);
		const memoryUsed = watchMemory(server, signal);
		const startedAt = performance.now();
		const attacked = attack({ url: server.url, large, signal });
		await Promise.race([attacked, sleep(seconds * 1_000)]);
		const lasted = (performance.now() - startedAt) / 1_000;
		await sleep(Math.max(0, leastSeconds - lasted) * 1_000);
		const { perSecond, slowestMs } = await bystander.stop();
		controller.abort();
		const isAlive = await ask(server.url, '{ __typename }').then(
			() => true,
			() => false,
		);
		if (!isAlive) dead += 1;
		const most = `${Math.round((await memoryUsed) / 2 ** 20)} MB`;
		console.log(
			`| ${name} | ${lasted.toFixed(1)} s | ${perSecond.toFixed(1)} | ${Math.round(slowestMs)} ms | ${most} | ${isAlive ? 'yes' : 'NO'} |`,
		);
		if (!isAlive) break;
	}
	return dead === 0 ? 0 : 1;
}

/** A hundred small contracts and a large one, whose address it returns. */
async function fill(server: ServerProcess, emulator: Parameters<typeof verified>[0]) {
	const line = `// ${'x'.repeat(97)}\n`;
	const large = verified(emulator, `contract Large {}\n${line.repeat(7_000)}`, 'Large');
	const small = Array.from({ length: 99 }, (_, n) =>
		verified(emulator, `contract S${n} {}\n${line.repeat(100)}`, `S${n}`),
	);
	const submit = 'mutation ($a: [Address!]!) { submitContracts(addresses: $a) { version } }';
	await ask(server.url, submit, { a: [large, ...small] });
	for (const address of [large, ...small])
		await all(watch('sse', server.url, watchOne, { address }));
	return large;
}

async function watchMemory(server: ServerProcess, signal: AbortSignal): Promise<number> {
	let most = 0;
	while (!signal.aborted) {
		const now = await metric(server, 'process_resident_memory_bytes').catch(() => 0);
		most = Math.max(most, now);
		await sleep(200, null, { signal }).catch(() => {});
	}
	return most;
}
