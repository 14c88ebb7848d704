import { closeSync, existsSync, globSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { privateFolder } from './folder.ts';
import { mirrorFrom } from './mirror.ts';
import { describeExit, endProcess, signalGroup, startProcess } from './processes.ts';
import { ensurePrograms, findProgram, MissingPrograms } from './programs.ts';
import { tailOf } from './service.ts';

/** A real MySQL cannot be had on this machine; the message is the reason, in a few words. */
export class MysqlUnavailable extends Error {}

/**
 * Makes sure that the folder holds a Debian tree with MySQL's server in it, made by mmdebstrap (15 seconds, once).
 * Debian's stable releases have MariaDB only, and one machine cannot have both.
 */
export async function ensureMysqlRoot(
	root: string,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	if (existsSync(join(root, 'usr/sbin/mysqld'))) return;
	if (process.getuid?.() !== 0) throw new MysqlUnavailable('only root can make its chroot');
	await ensurePrograms(['mmdebstrap'], 'a real MySQL server in a folder', say).catch((error) => {
		throw error instanceof MissingPrograms
			? new MysqlUnavailable(`mmdebstrap is missing (${error.reason})`)
			: error;
	});
	signal.throwIfAborted();
	const mirror = mirrorFrom(
		globSync('/etc/apt/{sources.list,sources.list.d/*}').map((file) => readFileSync(file, 'utf8')),
		readFileSync('/etc/os-release', 'utf8'),
	);
	say(`fetching a MySQL server for the tests into ${root}, from ${mirror}`);
	privateFolder(dirname(root));
	const building = await buildFolder(root);
	try {
		await unpack(building, mirror, `${root}.log`, signal);
		rmSync(root, { recursive: true, force: true });
		// Across file systems as well.
		await run('mv', [building, root], `${root}.log`, signal);
	} finally {
		rmSync(building, { recursive: true, force: true });
	}
}

/** Beside its destination, or elsewhere when the path has a character that mmdebstrap stumbles over. */
function buildFolder(root: string): Promise<string> {
	const near = resolve(dirname(root));
	return mkdtemp(join(/^[\w./-]+$/.test(near) ? near : tmpdir(), 'mysql-building-'));
}

/** Unpacked and not set up, which is all that one program needs: nothing is run inside, and nothing mounted. */
async function unpack(folder: string, mirror: string, log: string, signal: AbortSignal) {
	// A mirror that stands still has a date that is over; what it holds is signed all the same.
	const stale = '--aptopt=Acquire::Check-Valid-Until "false"';
	const how = ['--mode=root', '--variant=extract', '--skip=chroot/mount', stale];
	const what = ['--include=base-files,mysql-server-core', 'sid', folder, mirror];
	await run(findProgram('mmdebstrap') ?? 'mmdebstrap', [...how, ...what], log, signal);
	// Its server runs as root, whom it looks up by name.
	await writeFile(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
}

async function run(program: string, args: string[], log: string, signal: AbortSignal) {
	const fd = openSync(log, 'w', 0o600);
	const started = await startProcess(program, args, { stdio: ['ignore', fd, fd] });
	closeSync(fd);
	const end = () => endProcess(started, 5_000);
	signal.addEventListener('abort', end, { once: true });
	const exit = await started.exited;
	signal.removeEventListener('abort', end);
	signalGroup(started.pid, 'SIGKILL');
	signal.throwIfAborted();
	if (exit.code !== 0) {
		const last = tailOf(log, 1).trim();
		throw new MysqlUnavailable(`${program} ${describeExit(exit)}: ${last} (all of it: ${log})`);
	}
}
