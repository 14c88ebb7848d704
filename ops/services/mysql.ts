import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { passwordOf, portOf, privateFolder, writePrivate } from './folder.ts';
import { commonSettings, initSql, pingDatabase } from './mariadb.ts';
import { endProcess, startProcess } from './processes.ts';
import { findProgram } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';
import { SetupError } from './setup-error.ts';

const dataFolder = '/var/lib/verifeed';

/** Starts the MySQL server of the tree that `ensureMysqlRoot` made, on an empty database; root only. */
export async function startMysql(
	folder: string,
	root: string,
	signal: AbortSignal,
): Promise<RunningService> {
	privateFolder(folder);
	await endEarlier(folder);
	const tree = resolve(root);
	const inside = join(tree, dataFolder);
	rmSync(inside, { recursive: true, force: true });
	mkdirSync(inside, { recursive: true, mode: 0o700 });
	const password = passwordOf(folder);
	const port = await portOf(folder, 'port');
	writePrivate(inside, 'init.sql', initSql(password, true));
	await makeSystemTables(tree, inside);
	const url = `mysql://verifeed:${password}@127.0.0.1:${port}/verifeed`;
	return startService({
		name: 'MySQL',
		folder,
		url,
		command: findProgram('chroot') ?? 'chroot',
		args: [
			...[...server(tree), `--port=${port}`, `--init-file=${dataFolder}/init.sql`],
			...[`--pid-file=${dataFolder}/mysqld.pid`, '--secure-file-priv=', '--mysqlx=OFF'],
			...['--performance-schema=OFF', '--disable-log-bin', ...commonSettings({ throwAway: true })],
		],
		ping: () => pingDatabase(url),
		stopWithinMs: 10_000,
		signal,
	});
}

async function makeSystemTables(tree: string, inside: string): Promise<void> {
	const args = [...server(tree), '--initialize-insecure'];
	const started = await startProcess(findProgram('chroot') ?? 'chroot', args, { stdio: 'ignore' });
	const { code } = await started.exited;
	await endProcess(started, 1_000);
	if (code !== 0 || !existsSync(join(inside, 'data'))) {
		throw new SetupError(`MySQL could not make its system tables (status ${code})`);
	}
}

/** Paths as the server sees them, whose root is the tree. */
function server(tree: string): string[] {
	const place = `--datadir=${dataFolder}/data`;
	return [tree, '/usr/sbin/mysqld', '--no-defaults', '--user=root', place];
}
