import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { hold, lockIn, released } from '../lock.mjs';
import type { Run } from '../run/run.ts';
import { SetupError } from '../services/setup-error.ts';

const root = dirname(dirname(import.meta.dirname));
const web = join(root, 'web');
const dist = join(web, 'dist');
const stampFile = join(dist, '.inputs');

type Context = Pick<Run, 'say' | 'signal'>;

/** Builds the page where it is missing, or its files have changed since it was built. */
export async function ensurePage(context: Context): Promise<void> {
	const wanted = hashOfInputs();
	if (isBuilt(wanted)) return;
	await oneAtATime('page', async () => {
		if (isBuilt(wanted)) return;
		await ensurePackages(context);
		context.say('building the page, because its files have changed');
		rmSync(dist, { recursive: true, force: true });
		await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], context);
		await compress();
		writeFileSync(stampFile, wanted);
	});
}

/** The page's own packages, which its build and its types need and the product does not. */
export async function ensurePackages(context: Context): Promise<void> {
	if (isInstalled()) return;
	await oneAtATime('page-packages', async () => {
		if (isInstalled()) return;
		context.say('installing the packages of the page into web/node_modules');
		const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
		const { npm_execpath: script, npm_node_execpath: node = 'node' } = process.env;
		const [program, head] = script ? [node, [script]] : ['npm', []];
		await run(program, [...head, 'ci', ...quiet], context);
	});
}

function isBuilt(wanted: string): boolean {
	return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
}

function hashOfInputs(): string {
	const exclude = ['node_modules', 'dist', '**/*.test.ts'];
	const names = globSync('**/*.*', { cwd: web, exclude }).toSorted();
	const hash = createHash('sha256').update(process.version);
	for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(web, name)));
	return hash.digest('hex');
}

/** What npm has written down of an installation is complete when it names each package of the lock file. */
function isInstalled(): boolean {
	const installed = join(web, 'node_modules', '.package-lock.json');
	if (!existsSync(installed)) return false;
	const [is, wanted] = [installed, join(web, 'package-lock.json')].map(
		(file) => JSON.parse(readFileSync(file, 'utf8')).packages,
	);
	return Object.entries<{ version?: string; optional?: boolean }>(wanted).every(
		([path, { version, optional }]) => path === '' || optional || is[path]?.version === version,
	);
}

/** So that no request waits for it, at qualities that take too long for one. */
async function compress(): Promise<void> {
	const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
	const files = globSync('**/*.{html,js,css,svg}', { cwd: dist }).map((name) => join(dist, name));
	await Promise.all(
		files.map(async (file) => {
			const bytes = readFileSync(file);
			writeFileSync(`${file}.br`, await promisify(brotliCompress)(bytes, best));
			writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
		}),
	);
}

async function run(program: string, args: readonly string[], { signal }: Context): Promise<void> {
	try {
		await promisify(execFile)(program, args, { cwd: web, signal });
	} catch (error) {
		signal.throwIfAborted();
		const { stderr = '', message } = error as Error & { stderr?: string };
		throw new SetupError(`the page could not be built: ${stderr.trim() || message}`);
	}
}

async function oneAtATime(name: string, work: () => Promise<void>): Promise<void> {
	const path = lockIn(root, name);
	let held = await hold(path);
	while (!held) {
		await released(path);
		held = await hold(path);
	}
	try {
		await work();
	} finally {
		held.release();
	}
}
