// node ops/npm.mjs TASK [ARGUMENT...]: brings the packages that the task needs up to date, then runs it on the pinned
// Node 24. Plain JavaScript, as it runs on whatever Node (20 or newer) the machine has, with no packages there yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hold, lockIn, released } from './lock.mjs';

const biome = 'node_modules/@biomejs/biome/bin/biome';
const types = 'node_modules/typescript/bin/tsc --noEmit';

/** They run with the packages of the product alone. */
const product = {
	start: 'ops/start.ts',
	services: 'ops/start.ts --only services',
	migrate: 'ops/start.ts --only migrate',
	server: 'ops/start.ts --only server',
	worker: 'ops/start.ts --only worker',
	warmup: 'ops/start.ts --only warmup',
	dev: 'ops/start.ts --watch --no-monitoring',
	page: 'ops/page/build.ts',
	admin: '--import ./ops/quick-imports.ts ops/admin/main.ts',
};

/** They need the packages for development too. */
const development = {
	check: `ops/page/packages.ts && ${biome} check --error-on-warnings . && ${types} && ${types} -p web && ${types} -p client`,
	fix: `${biome} check --write .`,
	test: 'test/run.ts',
	'test:quick': 'test/run.ts --quick',
	'test:mysql': 'test/run.ts --mysql',
	coverage: 'test/run.ts --coverage',
	screenshots: 'test/run.ts --project pictures',
	'fail-over': 'test/run.ts test/fail-over',
	'loki-down': 'test/log-outage/run.ts',
	faults: 'test/faults/run.ts',
	bench: 'bench/run.ts',
	stress: 'bench/stress/run.ts',
	simulate: 'bench/simulation/run.ts',
	fuzz: 'test/fuzz/run.ts',
	attacks: 'test/attacks/run.ts',
	sbom: 'ops/sbom.ts',
	schema: 'schema/print.ts && ops/page/documents.ts && ops/client/operations.ts',
	client: 'ops/client/pack.ts',
	settings: 'ops/settings-page.ts',
	dashboards: 'ops/grafana/write.ts',
	migration: 'node_modules/drizzle-kit/bin.cjs generate',
};

const environments = { 'fail-over': { FAIL_OVER: 'long' } };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinned = join(modules, '.bin', 'node');
const stampFile = join(modules, '.verifeed-stamp');
// npm's own Node: the one in node_modules may be the very thing that is replaced.
const node = process.env.npm_node_execpath ?? process.execPath;

const [task = '', ...extra] = process.argv.slice(2);
const command = product[task] ?? development[task];
if (!command) {
	const names = Object.keys({ ...product, ...development }).join(' ');
	fail(`"${task}" is no task; the tasks are: ${names}`, '');
}
const forDevelopment = task in development;
if (!isDone()) await oneAtATime(bringUpToDate);
await runTask();

/** Runs its commands, one after the other until one fails, and ends as the last one ended. */
async function runTask() {
	const commands = command.split(' && ').map((one) => one.split(' '));
	commands.at(-1)?.push(...extra);
	let child;
	// A Ctrl-C comes from the terminal and again from npm; who runs the task takes what comes together for one.
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	const forward = (signal) => child.kill(signal);
	for (const signal of signals) process.on(signal, forward);
	stopWithNpm(() => child.kill('SIGTERM'));
	for (const args of commands) {
		const env = { ...process.env, ...environments[task] };
		child = spawn(pinned, args, { cwd: root, env, stdio: 'inherit' });
		const [code, signal] = await new Promise((resolve, reject) => {
			child.once('error', reject).once('exit', (...outcome) => resolve(outcome));
		});
		if (signal) {
			for (const one of signals) process.off(one, forward);
			process.kill(process.pid, signal);
			return;
		}
		if (code !== 0) process.exit(code);
	}
	process.exit(0);
}

/** npm can die without handing a signal on. */
function stopWithNpm(stop) {
	if (!process.env.npm_lifecycle_event) return;
	const parent = process.ppid;
	const watch = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(watch);
		stop();
	}, 500);
}

function isDone() {
	try {
		const found = readFileSync(stampFile, 'utf8');
		return found === stamp(true) || (!forDevelopment && found === stamp(false));
	} catch {
		return false;
	}
}

/** What is there now: the hash of the lock file, size and time of the pinned Node, and whether it is everything. */
function stamp(everything) {
	const { size, mtimeMs } = statSync(pinned);
	const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
	const extent = everything ? 'everything' : 'product';
	return `${lock.digest('hex')} ${size} ${mtimeMs} ${extent}\n`;
}

async function bringUpToDate() {
	if (isDone()) return;
	const installed = packagesOf(join(modules, '.package-lock.json'));
	// Packages for development that are there stay: a start does not undo what a test installed.
	const everything = forDevelopment || Object.values(installed ?? {}).some(({ dev }) => dev);
	const missing = whatIsMissing(installed, everything);
	if (missing) {
		// Other commands may run from node_modules, which npm ci would empty first.
		const verb = missing.only ? ['install', '--no-save'] : ['ci'];
		say(`installing packages with npm ${verb[0]}, because ${missing.reason}`);
		const { status, output } = await npm(
			...verb,
			everything ? '--include=dev' : '--omit=dev',
			'--no-audit',
			'--no-fund',
			'--loglevel=error',
		);
		if (status !== 0) fail(`npm ${verb[0]} ended with status ${status}`, output);
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
	writeFileSync(stampFile, stamp(everything));
}

/**
 * Why npm has to install, and whether packages are only missing, none wrong; undefined when a person's own
 * `npm install` has already done its work.
 */
function whatIsMissing(installed, everything) {
	if (!existsSync(modules)) return { reason: 'node_modules is missing' };
	if (!installed) return { reason: 'node_modules is incomplete' };
	const wanted = packagesOf(join(root, 'package-lock.json'));
	if (!wanted) fail('package-lock.json is missing or cannot be read', '');
	const isOther = ([path, { version, integrity }]) =>
		version !== wanted[path]?.version || integrity !== wanted[path].integrity;
	if (Object.entries(installed).some(isOther)) return { reason: 'package-lock.json has changed' };
	const isMissing = ([path, { dev, optional, devOptional, extraneous }]) =>
		path !== '' &&
		!installed[path] &&
		!(optional || devOptional || extraneous || (dev && !everything));
	if (!Object.entries(wanted).some(isMissing)) return undefined;
	return { reason: 'some are missing that this command needs', only: true };
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
	// npm passes a signal to this process only: an npm ci left running would clash with the next one.
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

/** Two at once in one folder: the second waits for the first. */
async function oneAtATime(work) {
	const path = lockIn(root, 'npm');
	for (let waited = false; !(await hold(path)); waited = true) {
		if (!waited) say('another command is installing packages here; waiting for it');
		await released(path);
	}
	await work();
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
