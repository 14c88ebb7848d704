import {
	closeSync,
	existsSync,
	globSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { passwordOf, portOf, privateFolder, writePrivate } from '../../ops/services/folder.ts';
import { commonSettings, initSql, pingDatabase } from '../../ops/services/mariadb.ts';
import { describeExit, runToEnd } from '../../ops/services/processes.ts';
import { ensurePrograms, findProgram, MissingPrograms } from '../../ops/services/programs.ts';
import {
	endEarlier,
	type RunningService,
	startService,
	tailOf,
} from '../../ops/services/service.ts';
import { SetupError } from '../../ops/services/setup-error.ts';

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
	const exit = await runToEnd(program, args, { signal, stdio: ['ignore', fd, fd] });
	closeSync(fd);
	signal.throwIfAborted();
	if (exit.code !== 0) {
		const last = tailOf(log, 1).trim();
		throw new MysqlUnavailable(`${program} ${describeExit(exit)}: ${last} (all of it: ${log})`);
	}
}

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
	await makeSystemTables(tree, inside, signal);
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

async function makeSystemTables(tree: string, inside: string, signal: AbortSignal) {
	const args = [...server(tree), '--initialize-insecure'];
	const chroot = findProgram('chroot') ?? 'chroot';
	const { code } = await runToEnd(chroot, args, { signal, stdio: 'ignore' });
	if (code !== 0 || !existsSync(join(inside, 'data'))) {
		throw new SetupError(`MySQL could not make its system tables (status ${code})`);
	}
}

/** Paths as the server sees them, whose root is the tree. */
function server(tree: string): string[] {
	const place = `--datadir=${dataFolder}/data`;
	return [tree, '/usr/sbin/mysqld', '--no-defaults', '--user=root', place];
}

const publicMirror = 'http://deb.debian.org/debian';

/** The Debian mirror that the machine's own apt uses for its release, from its sources files; else the public one. */
export function mirrorFrom(sources: readonly string[], osRelease: string): string {
	const release = new Map(
		[...osRelease.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, name, value]) => [name, value]),
	);
	const codename = release.get('VERSION_CODENAME');
	// Another distribution's mirror does not have Debian's releases.
	if (release.get('ID') !== 'debian' || !codename) return publicMirror;
	const entries = sources.flatMap((text) => [...oneLine(text), ...stanzas(text)]);
	const found = entries.find(
		({ suites, uri }) => suites.includes(codename) && /^https?:/.test(uri),
	);
	return found?.uri.replace(/\/+$/, '') ?? publicMirror;
}

type Entry = { uri: string; suites: string[] };

/** `deb [options] URI suite component...` */
function oneLine(text: string): Entry[] {
	const lines = text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b/gm);
	return [...lines].map(([, uri = '', suite = '']) => ({ uri, suites: [suite] }));
}

/** The newer format: fields, and an empty line between entries. */
function stanzas(text: string): Entry[] {
	return text.split(/\n\s*\n/).flatMap((stanza) => {
		const field = (name: string) =>
			(new RegExp(`^${name}:(.*)$`, 'im').exec(stanza)?.[1] ?? '').trim().split(/\s+/);
		const isMain = field('Types').includes('deb') && field('Components').includes('main');
		const [uri] = field('URIs');
		return isMain && uri ? [{ uri, suites: field('Suites') }] : [];
	});
}
