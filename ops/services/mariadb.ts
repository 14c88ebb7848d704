import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { passwordOf, portOf, privateFolder, writePrivate } from './folder.ts';
import { findProgram } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';
import { SetupError } from './setup-error.ts';
import { environmentOf, treeOf } from './unpacked.ts';

export type DatabaseOptions = {
	port?: number;
	/** The user may create databases and do anything in them, as tests need. */
	mayCreateDatabases?: boolean;
	/** Faster, and may lose the last second when the machine dies. */
	throwAway?: boolean;
	signal?: AbortSignal;
	/** What it is started with instead of having no binary log. */
	replication?: readonly string[];
	/** What else it is started with; the last word where one is given twice. */
	settings?: readonly string[];
	password?: string;
};

/** Starts a private MariaDB in its own folder, with the database and the user `verifeed`. */
export async function startMariadb(
	folder: string,
	options: DatabaseOptions = {},
): Promise<RunningService> {
	privateFolder(folder);
	await endEarlier(folder);
	await makeSystemTables(folder);
	const password = options.password ?? passwordOf(folder);
	const port = await portOf(folder, 'port', options.port);
	writePrivate(folder, 'init.sql', initSql(password, options.mayCreateDatabases ?? false));
	const command = findProgram('mariadbd') ?? 'mariadbd';
	const url = `mysql://verifeed:${password}@127.0.0.1:${port}/verifeed`;
	return startService({
		name: 'MariaDB',
		folder,
		url,
		command,
		args: [
			...['--no-defaults', ...base(command), ...asRoot(), '--datadir=./data', `--port=${port}`],
			...['--init-file=../init.sql', '--pid-file=../mariadbd.pid', '--performance-schema=OFF'],
			...[...commonSettings(options), ...(options.replication ?? ['--skip-log-bin'])],
			...(options.settings ?? []),
		],
		env: withOwnTemporary(folder),
		ping: () => pingDatabase(url),
		stopWithinMs: 10_000,
		signal: options.signal,
	});
}

/** What MariaDB and MySQL understand alike. The socket's path is short because it is relative to the data. */
export function commonSettings({ throwAway }: DatabaseOptions): string[] {
	return [
		...['--bind-address=127.0.0.1', '--socket=server.sock', '--skip-name-resolve'],
		...['--default-time-zone=+00:00', '--character-set-server=utf8mb4', '--max-connections=300'],
		...['--max-allowed-packet=64M', '--innodb-buffer-pool-size=128M'],
		`--innodb-flush-log-at-trx-commit=${throwAway ? 0 : 1}`,
	];
}

/** Run at each start, one statement a line: a password in a file is in no process list. */
export function initSql(password: string, mayCreateDatabases: boolean): string {
	const user = `'verifeed'@'127.0.0.1'`;
	const lines = [
		'CREATE DATABASE IF NOT EXISTS verifeed CHARACTER SET utf8mb4;',
		`CREATE USER IF NOT EXISTS ${user};`,
		`ALTER USER ${user} IDENTIFIED BY '${password}';`,
		`GRANT ALL ON ${mayCreateDatabases ? '*.*' : 'verifeed.*'} TO ${user};`,
	];
	return `${lines.join('\n')}\n`;
}

export async function pingDatabase(url: string): Promise<void> {
	const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
	try {
		await connection.ping();
	} finally {
		connection.destroy();
	}
}

async function makeSystemTables(folder: string): Promise<void> {
	if (existsSync(join(folder, 'data-made'))) return;
	// What an interrupted first start left is not a database yet.
	rmSync(join(folder, 'data'), { recursive: true, force: true });
	const program = findProgram('mariadb-install-db') ?? 'mariadb-install-db';
	// Not --user: with that the script changes the owner of a plug-in of the system's own MariaDB.
	const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
	// --force: a machine whose own name does not resolve will do.
	const place = ['--no-defaults', ...base(program), '--datadir=./data'];
	const args = [...place, '--skip-test-db', '--force', ...user];
	const env = environmentOf(program, withOwnTemporary(folder));
	await promisify(execFile)(program, args, { cwd: folder, env }).catch((error) => {
		const output = [error.stdout, error.stderr].join('').trim();
		throw new SetupError(
			`MariaDB could not make its tables in ${folder}: ${output || error.message}`,
		);
	});
	writePrivate(folder, 'data-made', '');
}

/** Where its messages and plug-ins are, when it is not installed. */
function base(program: string): string[] {
	const tree = treeOf(program);
	return tree ? [`--basedir=${join(tree, 'usr')}`] : [];
}

/**
 * A server that starts removes the temporary tables of all others from the folder they share.
 * The path is relative to the data, as a colon in it would separate two of them.
 */
function withOwnTemporary(folder: string): NodeJS.ProcessEnv {
	privateFolder(join(folder, 'temporary'));
	return { ...process.env, TMPDIR: '../temporary' };
}

function asRoot(): string[] {
	return process.getuid?.() === 0 ? ['--user=root'] : [];
}
