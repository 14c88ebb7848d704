import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type Admin, withAdmin } from './admin.ts';
import { readServerKind } from './database-facts.ts';
import { findDatabaseProgram, startDatabaseProgram } from './database-program.ts';
import { compressorFor, wholeness } from './dump-file.ts';
import { command } from './options.ts';
import { primaryUrl } from './primary-url.ts';
import { Refused } from './refused.ts';

// One moment of the whole database, without a lock; the loose ones are known to one maker's program only.
const dumpArgs = [
	...['--single-transaction', '--skip-lock-tables', '--quick', '--hex-blob', '--no-tablespaces'],
	...['--default-character-set=utf8mb4', '--max-allowed-packet=1G'],
	...['--loose-set-gtid-purged=OFF', '--loose-column-statistics=0'],
];

export function backup(): Command {
	return command(
		'backup',
		'Write the whole database into a file, as it is at one moment, while everything runs.\nCompressed by its name: .sql.zst, .sql.gz or .sql. Nothing else has to be kept.',
		['backup /backups/verifeed-$(date +%F).sql.zst'],
	)
		.argument('<file>', 'a file that is not there yet')
		.action((file: string, options: { json: boolean }) =>
			withAdmin(options, ['MYSQL_URL'], async (admin) => {
				if (!/\.sql(\.zst|\.gz)?$/.test(file)) {
					throw new Refused(`${file}: a name that ends in .sql.zst, .sql.gz or .sql is expected.`);
				}
				if (existsSync(file))
					throw new Refused(`${file} exists: choose another name, or move it away.`);
				const begun = Date.now();
				await writeDump(admin, file);
				const { size } = await stat(file);
				const seconds = (Date.now() - begun) / 1_000;
				admin.result(
					{ file, bytes: size, seconds },
					`${file}: ${size} bytes, in ${seconds.toFixed(1)} s.`,
				);
			}),
		);
}

/** Under another name until it is whole. */
async function writeDump({ config, database, note, signal }: Admin, file: string): Promise<void> {
	const program = await findDatabaseProgram('dump', await readServerKind(database()), note);
	const part = `${file}.${process.pid}.part`;
	const whole = wholeness();
	try {
		const url = await primaryUrl(config.MYSQL_URL);
		await using dump = await startDatabaseProgram(program, url, dumpArgs);
		const target = createWriteStream(part, { mode: 0o600, flags: 'wx', flush: true });
		await pipeline(dump.stdout, whole, compressorFor(file), target, { signal });
		await dump.ended;
		if (!whole.isWhole()) throw new Error(`${program} ended before the dump was whole`);
		if (existsSync(file)) throw new Refused(`${file} has come into being meanwhile.`);
		await rename(part, file);
	} catch (error) {
		await rm(part, { force: true });
		throw error;
	}
}
