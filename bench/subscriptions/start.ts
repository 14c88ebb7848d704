import { createInterface } from 'node:readline';
import { quickly } from '../../ops/run/children.ts';
import { describeExit, endProcess, startProcess } from '../../ops/services/processes.ts';
import { root } from '../../test/harness/process.ts';
import { environment } from '../stress/processes.ts';
import type { Change, Said, SubscribersPlan, WriterPlan } from './messages.ts';

export interface Subscribers extends AsyncDisposable {
	/** Every change that they get, once it is this many; they go on with as many more after that. */
	received(count: number): Promise<Change[]>;
}

/** Resolves when all of them are subscribed. */
export async function startSubscribers(plan: SubscribersPlan): Promise<Subscribers> {
	const { said, write, end } = await start('subscribers', plan, {});
	await said('ready');
	return {
		async received(count) {
			const done = said('done');
			write(String(count));
			return (await done).changes;
		},
		[Symbol.asyncDispose]: end,
	};
}

/** Resolves when all is written; what was committed, and how late its load was at worst. */
export async function write(
	plan: WriterPlan,
	env: Record<string, string>,
): Promise<{ changes: Change[]; lateMs: number }> {
	const writer = await start('writer', plan, env);
	try {
		return await writer.said('done');
	} finally {
		await writer.end();
	}
}

async function start(name: string, plan: object, env: Record<string, string>) {
	const started = await startProcess(
		process.execPath,
		[...quickly, `bench/subscriptions/${name}.ts`, JSON.stringify(plan)],
		{ cwd: root, env: environment(env), stdio: ['pipe', 'pipe', 'inherit'] },
	);
	const { stdin, stdout } = started.child;
	if (!stdin || !stdout) throw new Error(`the ${name} have no input or no output`);
	stdin.on('error', () => {});
	const lines = createInterface({ input: stdout });

	/** The next of its lines with this message. */
	function said<M extends Said['message']>(message: M): Promise<Extract<Said, { message: M }>> {
		const { promise, resolve, reject } = Promise.withResolvers<Extract<Said, { message: M }>>();
		const look = (line: string) => {
			const said = JSON.parse(line) as Said;
			if (said.message === 'failed') reject(new Error(said.reason));
			else if (said.message === message) resolve(said as Extract<Said, { message: M }>);
		};
		lines.on('line', look);
		void started.exited.then((exit) => reject(new Error(`the ${name} ${describeExit(exit)}`)));
		return promise.finally(() => lines.off('line', look));
	}

	return {
		said,
		write: (line: string) => void stdin.write(`${line}\n`),
		end: () => endProcess(started, 5_000),
	};
}
