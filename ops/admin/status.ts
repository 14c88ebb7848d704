import type { Command } from 'commander';
import type { Admin } from './admin.ts';
import { withAdmin } from './admin.ts';
import { readQueueFacts } from './dead-letters.ts';
import { showDuration } from './duration.ts';
import { explain } from './explain.ts';
import { findStuck, readOverview } from './find-contracts.ts';
import { accountsIn, readKeys } from './keys.ts';
import { command } from './options.ts';
import { table } from './output.ts';

const all = ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'] as const;
const systems = { contracts: 'MySQL', queue: 'RabbitMQ', keys: 'Redis' } as const;
const names = ['contracts', 'queue', 'keys'] as const;
/** It asks no process: a server that hangs, or an upstream that a worker leaves alone, is not among what it sees. */
const wellHere = 'Nothing to do here. Of processes and upstreams the status pages and alerts tell.';

export function status(): Command {
	return command(
		'status',
		'How is it? One screen: contracts, queue, dead letters, keys, what is down',
		['status'],
	).action((options: { json: boolean }) =>
		withAdmin(options, all, async (admin) => {
			const [contracts, queue, keys] = await Promise.all([
				part(() => contractsPart(admin)),
				part(async () => readQueueFacts(await admin.broker())),
				part(async () => readKeys(accountsIn(admin.config), await admin.redis())),
			]);
			const parts = { contracts, queue, keys };
			const down = names.filter((name) => 'failed' in parts[name]).map((name) => systems[name]);
			const away = down.map((system) => `${system} cannot be reached: see to it first.`);
			const notes = [...away, ...problems(parts)];
			const rows = [
				...('failed' in contracts ? [['MySQL', contracts.failed]] : contractRows(contracts.value)),
				...('failed' in queue ? [['RabbitMQ', queue.failed]] : queueRows(queue.value)),
				...('failed' in keys
					? [['Redis', keys.failed]]
					: keys.value.map(({ account, stands }) => [account, stands])),
			];
			const value = (one: Part<unknown>) => ('failed' in one ? null : one.value);
			admin.result(
				{
					contracts: value(contracts),
					queue: value(queue),
					keys: value(keys),
					down,
					problems: notes,
				},
				`${table(['', ''], rows).trim()}\n\n${notes.join('\n') || wellHere}`,
			);
			if (down.length > 0) process.exitCode = 1;
		}),
	);
}

type Part<T> = { value: T } | { failed: string };

/** What is down leaves the others to be seen. */
async function part<T>(read: () => Promise<T>): Promise<Part<T>> {
	try {
		return { value: await read() };
	} catch (error) {
		return { failed: explain(error).text };
	}
}

async function contractsPart(admin: Admin) {
	const database = admin.database();
	const times = { forMs: 300_000, leaseMs: admin.config.LEASE_MS };
	const overview = await readOverview(database);
	const stuck = (await findStuck(database, times, 1_000)).length;
	return { ...overview, stuck };
}

type Contracts = Awaited<ReturnType<typeof contractsPart>>;
type Queue = Awaited<ReturnType<typeof readQueueFacts>>;
type Keys = Awaited<ReturnType<typeof readKeys>>;

function contractRows({ byStatus, due, oldestDueAt, oldestChangeAt, now }: Contracts): string[][] {
	const since = (at: Date | null) => (at ? showDuration(now.getTime() - at.getTime()) : 'none');
	return [
		...Object.entries(byStatus).map(([name, count]) => [name, String(count)]),
		['due now', String(due)],
		['longest due', since(oldestDueAt)],
		['longest unchanged', since(oldestChangeAt)],
	];
}

function queueRows({ waiting, consumers, dead }: Queue): string[][] {
	return [
		['jobs waiting', String(waiting)],
		['consumers', String(consumers)],
		['dead letters', String(dead)],
	];
}

/** What a person should look at, and by which command. */
function problems(parts: {
	contracts: Part<Contracts>;
	queue: Part<Queue>;
	keys: Part<Keys>;
}): string[] {
	const { contracts, queue, keys } = parts;
	const notes: string[] = [];
	if ('value' in contracts && contracts.value.stuck > 0) {
		notes.push(`${contracts.value.stuck} contracts are stuck: contracts stuck`);
	}
	if ('value' in queue && queue.value.consumers === 0) {
		notes.push('No worker takes jobs: start one.');
	}
	if ('value' in queue && queue.value.dead > 0) {
		notes.push(`${queue.value.dead} dead letters: dead list`);
	}
	const resting = 'value' in keys ? keys.value.filter(({ until }) => until !== null) : [];
	if (resting.length > 0) notes.push(`${resting.length} keys rest: keys list`);
	return notes;
}
