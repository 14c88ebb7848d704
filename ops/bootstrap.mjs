// Runs before every npm script, on whatever Node the machine has (20 or newer), with no packages there yet.
// It makes node_modules fit package-lock.json, the pinned Node 24 of the package `node` included.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinned = join(modules, '.bin', 'node');
const stampFile = join(modules, '.verifeed-stamp');
// npm's own Node: the one in node_modules may be the very thing that is replaced.
const node = process.env.npm_node_execpath ?? process.execPath;

if (!isDone()) await oneAtATime(bringUpToDate);

function isDone() {
	try {
		return readFileSync(stampFile, 'utf8') === stamp();
	} catch {
		return false;
	}
}

/** What is there now: the hash of the lock file, and size and time of the pinned Node. */
function stamp() {
	const { size, mtimeMs } = statSync(pinned);
	const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
	return `${lock.digest('hex')} ${size} ${mtimeMs}\n`;
}

async function bringUpToDate() {
	if (isDone()) return;
	const reason = whyInstall();
	if (reason) {
		say(`installing packages with npm ci, because ${reason}`);
		const { status, output } = await npm(
			'ci',
			'--include=dev',
			'--no-audit',
			'--no-fund',
			'--loglevel=error',
		);
		if (status !== 0) fail(`npm ci ended with status ${status}`, output);
	}
	if (!isNode24()) {
		say('the pinned Node 24 is not in place; fetching it with npm rebuild');
		const { output } = await npm('rebuild', 'node', '--ignore-scripts=false');
		if (!isNode24()) {
			const got = `${pinned} is still not Node 24. It comes from the npm package "node", whose install script`;
			fail(
				`${got} has to run and to reach the registry; try: npm rebuild node --ignore-scripts=false`,
				output,
			);
		}
	}
	writeFileSync(stampFile, stamp());
}

/** Why npm ci has to run; undefined when a person's own `npm install` has already done its work. */
function whyInstall() {
	if (!existsSync(modules)) return 'node_modules is missing';
	const hidden = packagesOf(join(modules, '.package-lock.json'));
	if (!hidden) return 'node_modules is incomplete';
	const wanted = packagesOf(join(root, 'package-lock.json'));
	if (!wanted) fail('package-lock.json is missing or cannot be read', '');
	const differs = Object.entries(wanted).some(([path, entry]) => {
		const have = hidden[path];
		if (have) return have.version !== entry.version || have.integrity !== entry.integrity;
		return path !== '' && !entry.optional && !entry.devOptional && !entry.extraneous;
	});
	const extra = Object.keys(hidden).some((path) => !wanted[path]);
	return differs || extra ? 'package-lock.json has changed' : undefined;
}

function packagesOf(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8')).packages;
	} catch {
		return undefined;
	}
}

function isNode24() {
	const { stdout } = spawnSync(pinned, ['--version'], { encoding: 'utf8' });
	return (stdout ?? '').startsWith('v24.');
}

function npm(...args) {
	const script = process.env.npm_execpath;
	const [command, head] = script ? [node, [script]] : ['npm', []];
	const child = spawn(command, [...head, ...args], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	// npm hands a signal to this process only: an npm ci left running would clash with the next one.
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => child.kill(signal) && child.once('close', () => process.exit(1)));
	}
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text) => {
			output += text;
		});
	}
	return new Promise((resolve) => {
		child.on('error', (error) => resolve({ status: error.message, output }));
		child.on('close', (code, signal) => resolve({ status: code ?? signal, output }));
	});
}

/** Two at once in one folder: the second waits for the first. The kernel frees the lock of a process that dies. */
async function oneAtATime(work) {
	if (process.platform !== 'linux') return work();
	const net = await import('node:net');
	const { dev, ino } = statSync(root);
	// A socket name that starts with NUL is not a file: nothing is left behind to go stale.
	const path = `\0verifeed-bootstrap-${dev}-${ino}`;
	for (let waited = false; ; waited = true) {
		const server = net.createServer((socket) => socket.unref()).unref();
		const mine = await new Promise((resolve) => {
			server.once('error', () => resolve(false));
			server.listen(path, () => resolve(true));
		});
		if (mine) return work();
		if (!waited) say('another command is installing packages here; waiting for it');
		await new Promise((resolve) => {
			net.connect(path).on('error', resolve).on('close', resolve).resume();
		});
	}
}

function say(line) {
	console.error(`verifeed: ${line}`);
}

function fail(line, output) {
	// npm says what is wrong first and ends with where its own log is; its usage stands between.
	const lines = output.trim().split('\n');
	const shown = lines.length > 30 ? [...lines.slice(0, 15), '...', ...lines.slice(-5)] : lines;
	if (output.trim()) console.error(shown.join('\n'));
	say(line);
	process.exit(1);
}
