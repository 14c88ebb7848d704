import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Run } from '../../ops/run/run.ts';
import { ensurePrograms, findProgram } from '../../ops/services/programs.ts';
import { treeOf } from '../../ops/services/unpacked.ts';
import { type StartedProcess, startListening } from './started.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '..', 'peers');

/** What Verifeed is measured beside, by the name that the report has for it. */
export const peers = {
	'node:http': 'bare.mjs',
	'Mercurius, JIT': 'mercurius.mjs',
	Apollo: 'apollo.mjs',
	Yoga: 'yoga.mjs',
	'graphql-ws': 'subscriptions.mjs',
	FastAPI: 'original.py',
} as const;
export type PeerName = keyof typeof peers;

/** Packages of the peers and programs of Debian; which peers cannot be had here. */
export async function ensurePeers({ say, signal }: Run): Promise<PeerName[]> {
	await ensurePrograms(['wrk'], 'the load', say, signal);
	if (!isInstalled()) {
		say('installing the packages of the peers into bench/peers/node_modules');
		const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
		await run('npm', ['ci', ...quiet], { cwd: folder, signal });
		// Some packages bring their own tests, and npm test would take them for ours.
		const tests = globSync('node_modules/**/*.test.ts', { cwd: folder });
		for (const name of tests) rmSync(join(folder, name));
	}
	try {
		await ensurePrograms(['uvicorn'], 'the peer in Python', say, signal);
		await pythonVersions();
		return [];
	} catch (error) {
		signal.throwIfAborted();
		const [reason] = `${error instanceof Error ? error.message : error}`.trim().split('\n');
		say(`left out: FastAPI (${reason})`);
		return ['FastAPI'];
	}
}

/** What npm has written down of an installation is complete when it names each package of the lock file. */
function isInstalled(): boolean {
	const installed = join(folder, 'node_modules', '.package-lock.json');
	if (!existsSync(installed)) return false;
	const [is, wanted] = [installed, join(folder, 'package-lock.json')].map(
		(file) => JSON.parse(readFileSync(file, 'utf8')).packages,
	);
	const isThere = ([path, { version, optional }]: [string, Locked]) =>
		path === '' || optional || is[path]?.version === version;
	return Object.entries<Locked>(wanted).every(isThere);
}

type Locked = { version?: string; optional?: boolean };

export function startPeer(name: PeerName, env: Record<string, string>): Promise<StartedProcess> {
	const file = join(folder, peers[name]);
	if (name === 'FastAPI') return startListening(python, [file], { ...pythonPath(), ...env });
	return startListening(process.execPath, [file], { NODE_ENV: 'production', ...env });
}

// Debian's packages are for Debian's Python, which need not be the first on the PATH.
const python = '/usr/bin/python3';

function pythonPath(): Record<string, string> {
	const tree = treeOf(findProgram('uvicorn') ?? '');
	return tree ? { PYTHONPATH: join(tree, 'usr/lib/python3/dist-packages') } : {};
}

async function pythonVersions(): Promise<Record<string, string>> {
	const names = ['fastapi', 'uvicorn', 'uvloop', 'httptools', 'aiomysql', 'aio_pika', 'redis'];
	const code = `import json, platform, ${names}
names = '${names}'.split(',')
versions = {name: str(getattr(globals()[name], '__version__', '')) for name in names}
print(json.dumps({'Python': platform.python_version(), **versions}))`;
	const { stdout } = await run(python, ['-c', code], { env: { ...process.env, ...pythonPath() } });
	return JSON.parse(stdout);
}

/** Of all that is measured beside Verifeed. */
export async function peerVersions(missing: readonly PeerName[]): Promise<Record<string, string>> {
	const named = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	return { ...named.dependencies, ...(missing.includes('FastAPI') ? {} : await pythonVersions()) };
}

/** A package of theirs serves the report alone: it makes a PNG of an SVG, beside it. */
export async function drawPng(svg: string, signal: AbortSignal): Promise<void> {
	await run(process.execPath, [join(folder, 'png.mjs'), svg], { signal });
}
