import { readFileSync } from 'node:fs';
import { freePort } from '../services/ports.ts';
import { describeExit } from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';
import { type Child, type StartChild, untilReady } from './children.ts';
import { type Stages, startAll } from './keep-running.ts';
import type { Run } from './run.ts';
import { childEnvironment, type ServiceUrls, type Settings } from './settings.ts';

export type ProductContext = Pick<Run, 'say' | 'signal'> & {
	settings: Settings;
	stages: Stages;
	startChild: StartChild;
};

/** Brings the database's tables up to date; throws when that fails. */
export async function migrate(
	urls: ServiceUrls,
	{ startChild, signal }: ProductContext,
): Promise<void> {
	const env = childEnvironment(process.env, urls);
	const child = await startChild('migrate', ['ops/migrate.ts'], env);
	const end = () => child.stop(2_000);
	signal.addEventListener('abort', end, { once: true });
	const exit = await child.exited;
	signal.throwIfAborted();
	signal.removeEventListener('abort', end);
	if (exit.code !== 0) {
		throw new SetupError(`the migration ${describeExit(exit)}; what it said is above`);
	}
}

// At its first start it fetches the contracts that it serves.
const fetchedWithinMs = 600_000;

export type Emulator = {
	url: string;
	/** How many real contracts it serves. */
	contracts: number;
	gaveUp: Promise<string>;
};

/** Starts the bundled upstream on a free loopback port; it answers as Etherscan does. */
export async function startEmulator(context: ProductContext): Promise<Emulator> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}/v2/api`;
	const args = ['bench/emulator/main.ts', '--port', String(port), '--latency', '150-400'];
	const start = (signal: AbortSignal) =>
		startReady('emulator', args, process.env, url, { ...context, signal }, fetchedWithinMs);
	const { gaveUp } = await startAll([{ name: 'emulator', start }], context);
	const contracts = JSON.parse(readFileSync('bench/emulator/catalogue.json', 'utf8')).length;
	return { url, contracts, gaveUp };
}

/** Server, worker and warm-up; resolves when the first two are ready. */
export async function startProcesses(
	context: ProductContext,
	found: Record<string, string | number>,
	/** What runs them, where that is not Node.js alone. */
	runner: readonly string[],
): Promise<{ gaveUp: Promise<string> }> {
	const { settings, stages, startChild, say, signal } = context;
	const { httpPort, metricsPort } = settings;
	// For a person's eyes, unless the person asked for something else.
	const own = { LOG_FORMAT: 'pretty', ...process.env };
	const environment = (port: number) => childEnvironment(own, { ...found, METRICS_PORT: port });
	const unit = (name: 'server' | 'worker', port: number, readyPort: number) => ({
		name,
		start(until: AbortSignal) {
			const url = `http://127.0.0.1:${readyPort}/readyz`;
			const args = [...runner, `${name}/main.ts`];
			return startReady(name, args, environment(port), url, { ...context, signal: until });
		},
	});
	const units = [
		unit('server', metricsPort, httpPort),
		unit('worker', metricsPort + 1, metricsPort + 1),
	];
	const warmup = await startChild('warm-up', ['warmup/main.ts'], environment(await freePort()));
	stages.add('warm-up', warmup);
	warmup.exited.then((exit) => {
		if (exit.code !== 0 && !signal.aborted) say(`the warm-up ${describeExit(exit)}`);
	});
	return startAll(units, context);
}

/** Vite's server of the page for who works on it: what is saved is seen at once. Resolves with its address. */
export async function startPage(context: ProductContext): Promise<string> {
	const { settings, stages, startChild } = context;
	const port = await freePort();
	const args = ['web/node_modules/vite/bin/vite.js', 'web', '--port', String(port), '--strictPort'];
	const env = { ...process.env, HTTP_PORT: String(settings.httpPort) };
	stages.add('page', await startChild('page', args, env));
	return `http://localhost:${port}/`;
}

async function startReady(
	name: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	url: string,
	{ startChild, signal }: Pick<ProductContext, 'startChild' | 'signal'>,
	withinMs?: number,
): Promise<Child> {
	const child = await startChild(name, args, env);
	try {
		await untilReady(name, url, child, signal, withinMs);
		return child;
	} catch (error) {
		await child.stop();
		throw error;
	}
}
