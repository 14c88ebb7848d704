import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { quickly } from '../../ops/run/children.ts';
import {
	describeExit,
	endProcess,
	type Started,
	startProcess,
} from '../../ops/services/processes.ts';
import { root } from '../../test/harness/process.ts';
import type { Line, Plan } from './messages.ts';
import { cpuSeconds, environment } from './processes.ts';
import { createTally, type Tally } from './tally.ts';

/** The processes that bring the load. */
export interface Clients extends AsyncDisposable {
	tally: Tally;
	/** At this time, as of `Date.now()`, the load begins. */
	start(at: number): void;
	/** Rejects when one ends before it has said its last line. */
	broken: Promise<never>;
	/** Processor time of all of them in seconds, up to their last lines. */
	cpu(): number;
}

/** Resolves when all are ready. */
export async function startClients(
	count: number,
	{ folder, ...plan }: Omit<Plan, 'client' | 'clients'> & { folder: string },
): Promise<Clients> {
	const tally = createTally();
	const used = new Map<number, number>();
	const failed = Promise.withResolvers<never>();
	failed.promise.catch(() => {});
	await using stack = new AsyncDisposableStack();

	async function startOne(client: number): Promise<Started> {
		const log = openSync(join(folder, `client ${client}.log`), 'w', 0o600);
		const own: Plan = { ...plan, client, clients: count };
		const started = await startProcess(
			process.execPath,
			[...quickly, 'bench/stress/client.ts', JSON.stringify(own)],
			{ cwd: root, env: environment({}), stdio: ['pipe', 'pipe', log] },
		);
		closeSync(log);
		stack.defer(() => endProcess(started, 2_000));
		const { child, pid, exited } = started;
		const { promise: ready, resolve } = Promise.withResolvers<void>();
		let isOver = false;
		if (!child.stdout) throw new Error('a client has no output');
		createInterface({ input: child.stdout }).on('line', (text) => {
			if (text === 'ready') return resolve();
			const line = JSON.parse(text) as Line;
			isOver = line.last;
			used.set(pid, cpuSeconds(pid) || (used.get(pid) ?? 0));
			tally.take(client, line);
		});
		// A client that is gone takes no order, and says so by its end.
		child.stdin?.on('error', () => {});
		// What it said last may be read after its end.
		child.once('close', () => {
			if (isOver) return;
			void exited.then((exit) => {
				const where = `see client ${client}.log in ${folder}`;
				failed.reject(new Error(`a client ${describeExit(exit)}; ${where}`));
			});
		});
		await Promise.race([ready, failed.promise]);
		return started;
	}

	const all = await Promise.all(Array.from({ length: count }, (_, client) => startOne(client)));
	const closing = stack.move();
	return {
		tally,
		broken: failed.promise,
		start(at) {
			for (const { child } of all) child.stdin?.write(`${at}\n`);
		},
		cpu: () => all.reduce((sum, { pid }) => sum + (cpuSeconds(pid) || (used.get(pid) ?? 0)), 0),
		[Symbol.asyncDispose]: () => closing.disposeAsync(),
	};
}
