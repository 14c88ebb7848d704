import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, globSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
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
 * Makes sure that the folder holds a Debian tree with MySQL's server in it, made by debootstrap (half a minute, once).
 * Debian's stable releases have MariaDB only, and one machine cannot have both.
 */
export async function ensureMysqlRoot(
	root: string,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	if (existsSync(join(root, 'usr/sbin/mysqld'))) return;
	if (process.getuid?.() !== 0) throw new MysqlUnavailable('only root can make its chroot');
	await ensurePrograms(['debootstrap'], 'a real MySQL server in a folder', say).catch((error) => {
		throw error instanceof MissingPrograms
			? new MysqlUnavailable(`debootstrap is missing (${error.reason})`)
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
		await debootstrap(building, mirror, `${root}.log`, signal);
		rmSync(root, { recursive: true, force: true });
		// Across file systems as well.
		await run('mv', [building, root], `${root}.log`, signal);
	} finally {
		rmSync(building, { recursive: true, force: true });
	}
}

/** Beside its destination, or elsewhere when the path has a character that debootstrap stumbles over. */
function buildFolder(root: string): Promise<string> {
	const near = resolve(dirname(root));
	return mkdtemp(join(/^[\w./-]+$/.test(near) ? near : tmpdir(), 'mysql-building-'));
}

async function debootstrap(folder: string, mirror: string, log: string, signal: AbortSignal) {
	const options = ['--variant=minbase', '--include=mysql-server-core'];
	const program = findProgram('debootstrap') ?? 'debootstrap';
	// What it mounts goes with its own mount namespace, however it ends; where none can be made, no mount can.
	const own = spawnSync('unshare', ['--mount', 'true']).status === 0 ? ['unshare', '--mount'] : [];
	const [command, ...args] = [...own, program, ...options, 'sid', folder, mirror];
	await run(command ?? program, args, log, signal);
	rmSync(join(folder, 'var/cache/apt/archives'), { recursive: true, force: true });
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
		throw new MysqlUnavailable(`debootstrap ${describeExit(exit)}: ${last} (all of it: ${log})`);
	}
}
