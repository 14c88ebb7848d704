import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { migrateDatabase } from '../migrate-database.ts';
import { type Admin, withAdmin } from './admin.ts';
import { clearContractCache } from './cache-clear.ts';
import {
	countAll,
	countOthers,
	dropTables,
	findForeignTables,
	readServerKind,
} from './database-facts.ts';
import { databaseOf, findDatabaseProgram, startDatabaseProgram } from './database-program.ts';
import { purgeJobs } from './dead-letters.ts';
import { decompressorFor, verifyDump, withoutSandboxLine } from './dump-file.ts';
import { explain } from './explain.ts';
import { readOverview } from './find-contracts.ts';
import { command, yesOption } from './options.ts';
import { primaryUrl } from './primary-url.ts';
import { confirm } from './question.ts';
import { Refused } from './refused.ts';

type Options = { json: boolean; yes: boolean; replace: boolean };

export function restore(): Command {
	return command(
		'restore',
		'Bring the database back from a file of `backup`, its tables up to date, and empty queue and cache of what\nthey know of later times. Server and workers have to be stopped; what was under way goes on when they start.',
		['restore /backups/verifeed-2030-01-01.sql.zst', 'restore backup.sql.zst --replace'],
	)
		.argument('<file>', 'written by `backup`')
		.option('--replace', 'throw away the contracts that are in the database', false)
		.addOption(yesOption())
		.action((file: string, options: Options) =>
			withAdmin(options, ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'], async (admin) => {
				if (!existsSync(file)) throw new Refused(`There is no file ${file}.`);
				const database = admin.database();
				const name = databaseOf(await primaryUrl(admin.config.MYSQL_URL));
				await refuseForeignTables(admin, name);
				await refuseWhileUsed(admin);
				await verifyDump(file, admin.signal);
				const held = await countAll(database);
				if (held > 0 && !options.replace) {
					throw new Refused(
						`The database ${name} holds ${held} contracts: restore into an empty one, or say --replace to throw them away.`,
					);
				}
				if (held > 0) {
					const question = `Throw away all of the database ${name}, with ${held} contracts, for what is in ${file}?`;
					await confirm(question, { ...options, signal: admin.signal });
				}
				// Reading the file and the question take their time.
				await refuseWhileUsed(admin);
				await dropTables(database);
				await readDump(admin, file);
				await migrateDatabase(admin.config.MYSQL_URL);
				const forgotten = await forgetLaterTimes(admin);
				const { byStatus, due } = await readOverview(database);
				const counts = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`);
				const text = `Restored: ${counts.join(', ')}; ${due} due as soon as a worker starts.`;
				admin.result({ byStatus, due, ...forgotten }, text);
			}),
		);
}

/** What is restored takes the place of all tables, and these would be gone without a word. */
async function refuseForeignTables(admin: Admin, name: string): Promise<void> {
	const foreign = await findForeignTables(admin.database());
	if (foreign.length === 0) return;
	throw new Refused(
		`The database ${name} holds tables that are not of this product (${foreign.slice(0, 5).join(', ')}): is MYSQL_URL the right one?`,
	);
}

async function refuseWhileUsed(admin: Admin): Promise<void> {
	const others = await countOthers(admin.database());
	if (others === 0) return;
	throw new Refused(
		`${others} other connections use the database: stop server and workers first (with their own services only: npm run services).`,
	);
}

async function readDump({ config, database, note, signal }: Admin, file: string): Promise<void> {
	const program = await findDatabaseProgram('client', await readServerKind(database()), note);
	const { stdout } = await promisify(execFile)(program, ['--no-defaults', '--version']);
	const fitted = stdout.includes('MariaDB') ? new PassThrough() : withoutSandboxLine();
	const args = ['--default-character-set=utf8mb4', '--max-allowed-packet=1G', '--batch'];
	const url = await primaryUrl(config.MYSQL_URL);
	await using client = await startDatabaseProgram(program, url, args);
	client.stdout.resume();
	const fed = pipeline(createReadStream(file), decompressorFor(file), fitted, client.stdin, {
		signal,
	});
	// Where the program gives up, its own words say more than the broken pipe.
	const failure = await fed.catch((error: unknown) => error);
	signal.throwIfAborted();
	await client.ended;
	if (failure) throw failure;
}

/** Versions have gone back: jobs and cache entries may name later ones. Null where it could not be done. */
async function forgetLaterTimes(admin: Admin) {
	const attempt = async (what: string, work: () => Promise<number>) => {
		try {
			return await work();
		} catch (error) {
			admin.note(`${what}: ${explain(error).text}`);
			process.exitCode = 1;
			return null;
		}
	};
	return {
		jobsPurged: await attempt(
			'The old jobs are still in the queue, which costs only time',
			async () => purgeJobs(await admin.broker()),
		),
		cacheCleared: await attempt('Run `cache clear` before the server starts', async () =>
			clearContractCache((await admin.redis()).commands),
		),
	};
}
