import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { alreadyRunning } from '../ops/run/banner.ts';
import { claimInstance } from '../ops/run/instance.ts';
import { type Run, runCommand } from '../ops/run/run.ts';
import { ensureInstalled } from '../ops/run/services.ts';
import { privateFolder } from '../ops/services/folder.ts';
import { startMariadb } from '../ops/services/mariadb.ts';
import { servicePrograms } from '../ops/services/programs.ts';
import { startRabbitmq } from '../ops/services/rabbitmq.ts';
import { endEarlier } from '../ops/services/service.ts';
import { SetupError } from '../ops/services/setup-error.ts';
import { compareTelemetry } from './telemetry/compare.ts';
import { type SinkMode, sinkModes } from './telemetry/sink-mode.ts';

const usage = `npm run bench -- [--pairs N] [--seconds N] [--sink well|hang|429]
  --pairs    how often each side is measured; 7 when not given
  --seconds  how long one measurement takes; 4 when not given
  --sink     how what would be Loki and Tempo answers; well when not given`;

export interface Extent {
	pairs: number;
	seconds: number;
	sink: SinkMode;
}

function readFlags(): Extent {
	try {
		const text = (value: string) => ({ type: 'string', default: value }) as const;
		const options = { pairs: text('7'), seconds: text('4'), sink: text('well') };
		const { values } = parseArgs({ options });
		const sink = sinkModes.find((mode) => mode === values.sink);
		if (!sink) throw new Error(`one of ${sinkModes.join(', ')} is expected for --sink`);
		const [pairs = 0, seconds = 0] = [values.pairs, values.seconds].map(Number);
		if (!(pairs >= 1 && seconds >= 1)) throw new Error('a number from 1 is expected');
		return { pairs, seconds, sink };
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

process.chdir(dirname(import.meta.dirname));

await runCommand('.data/bench', 'bench', { whenStopped: 1 }, async (run) => {
	const extent = readFlags();
	const { folder } = run;
	privateFolder(folder);
	const state = { command: 'npm run bench', pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(folder, 'bench', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	try {
		await ensureInstalled(servicePrograms, 'the measurements', run);
		await using stack = new AsyncDisposableStack();
		await startServices(run, stack);
		const end = () => void stack.disposeAsync().finally(() => process.exit(1));
		run.signal.addEventListener('abort', end, { once: true });
		return (await compareTelemetry(extent, stack, run.say)) ? 0 : 1;
	} finally {
		claim.release();
	}
});

/** As the tests have them, and passed on in the same way. */
async function startServices({ folder, signal }: Run, stack: AsyncDisposableStack): Promise<void> {
	for (const name of ['mariadb', 'rabbitmq']) {
		await endEarlier(join(folder, name));
		rmSync(join(folder, name), { recursive: true, force: true });
	}
	const rabbitmq = await startRabbitmq(join(folder, 'rabbitmq'), { signal });
	stack.defer(() => rabbitmq.stop());
	const options = { mayCreateDatabases: true, throwAway: true, signal };
	const mariadb = await startMariadb(join(folder, 'mariadb'), options);
	stack.defer(() => mariadb.stop());
	process.env['TEST_RABBITMQ_URL'] = rabbitmq.url;
	process.env['TEST_RABBITMQ_MANAGEMENT_URL'] = rabbitmq.managementUrl;
	process.env['TEST_MYSQL_URL'] = mariadb.url;
}
