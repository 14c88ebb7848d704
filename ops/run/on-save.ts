// node ops/run/on-save.ts MAIN.ts: runs a process of the product, and starts it anew when a file of the product is saved.
// Folders are watched, not files: editors and git replace a file by another of its name.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

const watched = ['domain', 'platform', 'sources', 'schema', 'server', 'worker'];
/** One save is often several events. */
const quietMs = 200;

const [main = ''] = process.argv.slice(2);
let child = start();
let timer: NodeJS.Timeout | undefined;
let restarting: Promise<void> = Promise.resolve();
let ending = false;

for (const folder of watched.flatMap(withSubfolders)) watch(folder, (_, name) => changed(name));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));

function withSubfolders(folder: string): string[] {
	const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
	const folders = entries.filter((entry) => entry.isDirectory());
	return [folder, ...folders.map(({ parentPath, name }) => join(parentPath, name))];
}

function start(): ChildProcess {
	const args = [...process.execArgv, main];
	const started = spawn(process.execPath, args, { stdio: 'inherit' });
	started.once('exit', (code) => {
		if (!ending && code !== 0)
			console.log(`${main} has ended; it starts again when a file is saved`);
	});
	return started;
}

function changed(name: string | null): void {
	if (ending || !name || !/\.(ts|json|graphql|sql)$/.test(name) || name.includes('.test.')) return;
	clearTimeout(timer);
	timer = setTimeout(() => {
		restarting = restarting.then(restart);
	}, quietMs);
}

async function restart(): Promise<void> {
	if (ending) return;
	console.log(`a file was saved; ${main} starts anew`);
	await stop('SIGTERM');
	if (!ending) child = start();
}

async function stop(signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill(signal);
	await ended;
}

async function end(signal: NodeJS.Signals): Promise<void> {
	if (ending) child.kill(signal);
	ending = true;
	await stop(signal);
	process.exit(child.exitCode ?? 1);
}
