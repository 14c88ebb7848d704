import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import table from './packages.json' with { type: 'json' };

const rowSchema = z.strictObject({
	integrity: z.string().regex(/^sha512-/),
	/** The files and folders that are kept, beside package.json; everything where this is absent. */
	files: z.array(z.string()).optional(),
	/** Those of its dependencies whose files are needed, with their versions; the others are left out. */
	dependencies: z.record(z.string(), z.string()).default({}),
});

type Row = z.infer<typeof rowSchema>;

/** npm packages that are data to us, contracts and compilers, by `NAME@VERSION`. */
const packages = new Map(Object.entries(z.record(z.string(), rowSchema).parse(table)));

const folder = fileURLToPath(new URL('../../.data/packages', import.meta.url));
const stampName = '.fetched';

/** All that can be fetched, as `NAME@VERSION`. */
export const packageNames: readonly string[] = [...packages.keys()];

/** A file of a package, by `NAME@VERSION` and the path inside it; it is there once the package has been fetched. */
export function packageFile(name: string, path: string): string {
	return join(folder, name, path);
}

/** The `NAME@VERSION` of a package that another one imports by its bare name. */
export function dependencyOf(name: string, imported: string): string {
	return `${imported}@${rowOf(name).dependencies[imported]}`;
}

function rowOf(name: string): Row {
	const row = packages.get(name);
	if (!row) throw new Error(`packages.json does not list ${name}`);
	return row;
}

/**
 * Fetches the packages, and of their dependencies those in the table, that are not there yet, and verifies them. Safe
 * in several processes at once. Throws with what to do when it cannot.
 */
export async function fetchPackages(names: readonly string[], purpose: string): Promise<void> {
	const all = new Set(names);
	for (const name of all) {
		for (const imported of Object.keys(rowOf(name).dependencies)) {
			all.add(dependencyOf(name, imported));
		}
	}
	const missing: string[] = [];
	for (const name of all) if (!(await isThere(name))) missing.push(name);
	if (missing.length === 0) return;
	console.error(`fetching ${purpose} with npm, once (${missing.length} packages)`);
	await mkdir(folder, { recursive: true });
	const work = await mkdtemp(join(folder, '.fetching-'));
	try {
		await pack(missing, work);
		const archives = await readArchives(work);
		for (const name of missing) await install(name, archives, work);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

async function isThere(name: string): Promise<boolean> {
	const stamp = await readFile(packageFile(name, stampName), 'utf8').catch(() => '');
	return stamp === stampOf(name);
}

/** Changes with the row, so that a package is fetched again when other files of it are asked for. */
function stampOf(name: string): string {
	return JSON.stringify(rowOf(name));
}

/** npm itself fetches them: registry, credentials, proxy and cache are those of its settings. */
async function pack(names: readonly string[], into: string): Promise<void> {
	const script = process.env['npm_execpath'];
	const [command, head] = script ? [process.execPath, [script]] : ['npm', []];
	const options = ['--pack-destination', into, '--prefer-offline', '--ignore-scripts'];
	const args = [...head, 'pack', ...options, '--silent', '--loglevel=error', ...names];
	try {
		await run(command, args);
	} catch (error) {
		const advice = "They come from the registry of `npm config get registry`, or from npm's cache";
		throw new Error(`could not fetch ${names.join(', ')}. ${advice}.\n${error}`);
	}
}

/** By the integrity of what was fetched, whatever npm called the file. */
async function readArchives(work: string): Promise<Map<string, string>> {
	const files = (await readdir(work)).filter((name) => name.endsWith('.tgz'));
	const entries = files.map(async (name) => {
		const file = join(work, name);
		const hash = createHash('sha512').update(await readFile(file));
		return [`sha512-${hash.digest('base64')}`, file] as const;
	});
	return new Map(await Promise.all(entries));
}

/** Whole or not at all. */
async function install(name: string, archives: ReadonlyMap<string, string>, work: string) {
	const { integrity, files = [] } = rowOf(name);
	const archive = archives.get(integrity);
	if (!archive)
		throw new Error(`what npm fetched as ${name} has not the integrity in packages.json`);
	const from = join(work, name);
	const to = join(folder, name);
	await mkdir(from, { recursive: true });
	await mkdir(dirname(to), { recursive: true });
	const options = ['--strip-components=1', '--no-same-owner', '--no-same-permissions'];
	const members =
		files.length > 0 ? ['package.json', ...files].map((path) => `package/${path}`) : [];
	await run('tar', ['-xzf', archive, '-C', from, ...options, ...members]);
	await writeFile(join(from, stampName), stampOf(name));
	try {
		await rename(from, to);
	} catch {
		// Another process was faster, or the row has changed.
		if (await isThere(name)) return;
		await rm(to, { recursive: true, force: true });
		await rename(from, to);
	}
}

async function run(command: string, args: readonly string[]): Promise<void> {
	const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
	const { promise, resolve, reject } = Promise.withResolvers<number | null>();
	child.once('error', reject).once('close', resolve);
	const [code, output] = await Promise.all([promise, text(child.stderr)]);
	if (code !== 0) throw new Error(`${command} ended with status ${code}: ${output.trim()}`);
}
