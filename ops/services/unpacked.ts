import { execFile } from 'node:child_process';
import {
	existsSync,
	globSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { hold, lockIn, released } from '../lock.mjs';

const run = promisify(execFile);
const near = join(dirname(dirname(import.meta.dirname)), '.data', 'programs');
// The start scripts of MariaDB and RabbitMQ stumble over a space in their own path.
const isPlain = /^[\w./-]+$/.test(near);

/** Where programs are unpacked: in the clone, as a rule. */
export const store = isPlain ? near : join(homedir(), '.cache', 'verifeed', 'programs');
const unfinished = 'building-';

/** The trees of unpacked Debian packages, each with all that its programs need and the machine lacks. */
export function unpackedTrees(): string[] {
	if (!existsSync(store)) return [];
	const names = readdirSync(store).filter((name) => !name.startsWith(unfinished));
	return names.map((name) => join(store, name));
}

/** The tree that a program is run from; undefined for one that is installed. */
export function treeOf(program: string): string | undefined {
	return unpackedTrees().find((tree) => program.startsWith(tree + sep));
}

/** The environment for a program: one that is not installed is shown where its own libraries and programs are. */
export function environmentOf(program: string, env: NodeJS.ProcessEnv = process.env) {
	const tree = treeOf(program);
	if (!tree) return env;
	const libraries = globSync(['lib/*-linux-gnu*', 'usr/lib/*-linux-gnu*'], { cwd: tree });
	const inTree = (places: readonly string[]) => places.map((place) => join(tree, place));
	return {
		...env,
		PATH: [...inTree(['usr/bin', 'usr/sbin']), env['PATH'] ?? ''].join(delimiter),
		LD_LIBRARY_PATH: inTree(libraries).join(':'),
		ERL_LIBS: join(tree, 'usr/lib/erlang/lib'),
	};
}

/**
 * Fetches Debian packages and what they depend on, as far as it is not installed, and unpacks them into a tree of our
 * own: nothing is installed, and no right is needed. Throws with what apt-get said; at an abort nothing is left.
 */
export async function unpackPackages(
	packages: readonly string[],
	signal?: AbortSignal,
): Promise<void> {
	mkdirSync(store, { recursive: true, mode: 0o700 });
	const path = lockIn(store, 'unpack');
	let lock = await hold(path);
	for (; !lock; lock = await hold(path)) await released(path);
	const left = readdirSync(store).filter((name) => name.startsWith(unfinished));
	for (const name of left) rmSync(join(store, name), { recursive: true, force: true });
	const tree = join(store, packages.join('+'));
	const building = mkdtempSync(join(store, unfinished));
	try {
		if (existsSync(tree)) return;
		const fresh = join(building, 'tree');
		for (const file of await download(packages, building, signal)) {
			await run('dpkg-deb', ['--extract', file, fresh], { signal });
		}
		moveErlang(fresh, tree);
		renameSync(fresh, tree);
	} finally {
		rmSync(building, { recursive: true, force: true });
		lock.release();
	}
}

/** By the machine's own lists of packages; by fresh ones where it has none, or old ones. */
async function download(
	packages: readonly string[],
	folder: string,
	signal: AbortSignal | undefined,
): Promise<string[]> {
	const debs = join(folder, 'debs');
	const lists = join(folder, 'lists');
	for (const place of [debs, lists]) mkdirSync(join(place, 'partial'), { recursive: true });
	const aptGet = (options: Record<string, string>, ...args: string[]) => {
		const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
		return run('apt-get', [...settings, ...args], { signal, maxBuffer: 64 * 1024 * 1024 });
	};
	const own = {
		...{ 'Dir::Cache': folder, 'Dir::Cache::archives': `${debs}/`, 'Acquire::Retries': '3' },
		...{ 'Dir::Cache::pkgcache': '', 'Dir::Cache::srcpkgcache': '' },
		// The locks are root's, and nothing that they guard is written.
		'Debug::NoLocking': 'true',
	};
	const fetch = ['--download-only', '--no-install-recommends', '--yes', 'install', ...packages];
	await aptGet(own, ...fetch).catch(async () => {
		signal?.throwIfAborted();
		const fresh = { ...own, 'Dir::State::lists': `${lists}/` };
		await aptGet(fresh, 'update');
		await aptGet(fresh, ...fetch);
	});
	return globSync('*.deb', { cwd: debs }).map((name) => join(debs, name));
}

/** Its start script knows one place only. */
function moveErlang(from: string, to: string): void {
	for (const name of globSync('usr/lib/erlang/{bin,erts-*/bin}/{erl,start}', { cwd: from })) {
		const file = join(from, name);
		const text = readFileSync(file, 'utf8');
		writeFileSync(
			file,
			text.replaceAll('ROOTDIR=/usr/lib/erlang', `ROOTDIR="${to}/usr/lib/erlang"`),
		);
	}
}
