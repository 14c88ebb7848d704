import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	appendFileSync,
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// Stands in for npm: writes what it was called with, and makes what npm ci would; its Node 24 is the one that tests.
const fakeNpm = `
const { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
if (process.env.NPM_FAILS) { console.error('npm error no such registry'); process.exit(7); }
mkdirSync('node_modules/.bin', { recursive: true });
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const omitted = ([, entry]) => entry.dev && process.argv.includes('--omit=dev');
const installed = Object.fromEntries(Object.entries(packages).filter((one) => !omitted(one)));
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
if (process.argv[2] === 'rebuild' || !process.env.NO_NODE) {
	writeFileSync('node_modules/.bin/node', '#!/bin/sh\\nexec "${process.execPath}" "$@"\\n');
	chmodSync('node_modules/.bin/node', 0o755);
}`;

// Stands in for what a task runs.
const fakeTask = `
if (process.env.TASK_WAITS) {
	const ended = (signal) => { console.log(signal); process.exit(3); };
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, ended);
	setInterval(() => {}, 1000);
}
console.log(JSON.stringify({ args: process.argv.slice(2), FAIL_OVER: process.env.FAIL_OVER }));
if (process.env.TASK_DIES) process.kill(process.pid, 'SIGKILL');
process.exitCode = Number(process.env.TASK_CODE ?? 0);`;

let root = '';

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'npm with spaces '));
	for (const folder of ['ops', 'test']) mkdirSync(join(root, folder));
	for (const file of ['npm.mjs', 'lock.mjs']) {
		cpSync(join(import.meta.dirname, file), join(root, 'ops', file));
	}
	writeFileSync(join(root, 'npm.cjs'), fakeNpm);
	for (const file of ['ops/start.ts', 'test/run.ts']) writeFileSync(join(root, file), fakeTask);
	writeLock('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string, others: Record<string, unknown> = {}): void {
	const packages = {
		'': {},
		'node_modules/a': { version },
		'node_modules/b': { optional: true },
		'node_modules/d': { version, dev: true },
		...others,
	};
	writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}

function start(args: readonly string[], env: Record<string, string> = {}) {
	const { npm_lifecycle_event: _, ...inherited } = process.env;
	return spawn(process.execPath, [join(root, 'ops/npm.mjs'), ...args], {
		env: { ...inherited, npm_execpath: join(root, 'npm.cjs'), ...env },
	});
}

async function run(args: readonly string[], env: Record<string, string> = {}) {
	const child = start(args, env);
	const [output, reported, [code, signal]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, 'close'),
	]);
	return { output, reported, code, signal };
}

function calls(): string[] {
	const file = join(root, 'calls');
	return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

const flags = '--no-audit --no-fund --loglevel=error';

describe('before a task', () => {
	test('the packages of the product are installed when there are none, with the reason in one line', async () => {
		const { reported, code } = await run(['start']);
		expect(code).toBe(0);
		expect(reported).toBe(
			'verifeed: installing packages with npm ci, because node_modules is missing\n',
		);
		expect(calls()).toEqual([`ci --omit=dev ${flags}`]);
	});

	test('those for development come with the first task that needs them, and stay', async () => {
		await run(['start']);
		expect((await run(['test'])).reported).toContain('because some are missing that this command');
		expect(await run(['start'])).toMatchObject({ reported: '', code: 0 });
		expect(await run(['test'])).toMatchObject({ reported: '', code: 0 });
		expect(calls().slice(1)).toEqual([`install --no-save --include=dev ${flags}`]);
		writeLock('1.0.1');
		await run(['start']);
		expect(calls().at(-1)).toBe(`ci --include=dev ${flags}`);
	});

	test('nothing is done or said when nothing has changed', async () => {
		await run(['start']);
		expect(await run(['start'])).toMatchObject({ reported: '', code: 0 });
		expect(calls()).toHaveLength(1);
	});

	test('they are installed again when the lock file names other packages', async () => {
		await run(['start']);
		writeLock('1.0.1');
		expect((await run(['start'])).reported).toContain('because package-lock.json has changed');
		expect(calls()).toHaveLength(2);
	});

	test('what the lock file names in addition is added, with nothing taken away', async () => {
		await run(['start']);
		writeLock('1.0.0', { 'node_modules/e': { version: '2.0.0' } });
		await run(['start']);
		expect(calls().at(-1)).toBe(`install --no-save --omit=dev ${flags}`);
	});

	test("a person's own npm install is taken as it is", async () => {
		await run(['start']);
		appendFileSync(join(root, 'package-lock.json'), '\n');
		expect(await run(['start'])).toMatchObject({ reported: '', code: 0 });
		expect(calls()).toHaveLength(1);
	});

	test('an installation that was interrupted is done again', async () => {
		await run(['start']);
		rmSync(join(root, 'node_modules/.package-lock.json'));
		rmSync(join(root, 'node_modules/.verifeed-stamp'));
		expect((await run(['start'])).reported).toContain('because node_modules is incomplete');
	});

	test('Node 24 is fetched when an installation did not bring it', async () => {
		const { reported, code } = await run(['start'], { NO_NODE: '1' });
		expect(code).toBe(0);
		expect(reported).toContain('the pinned Node 24 is not in place');
		expect(calls().slice(1)).toEqual(['rebuild node --ignore-scripts=false']);
	});

	test('another program in the place of Node 24 is noticed', async () => {
		await run(['start']);
		const node = join(root, 'node_modules/.bin/node');
		writeFileSync(node, '#!/bin/sh\necho v20.1.0\n');
		chmodSync(node, 0o755);
		utimesSync(node, 1, 1);
		expect((await run(['start'])).reported).toContain('the pinned Node 24 is not in place');
	});

	test('a failure has what npm said, and the task is not run', async () => {
		const { output, reported, code } = await run(['start'], { NPM_FAILS: '1' });
		expect([output, code]).toEqual(['', 1]);
		expect(reported).toContain('npm error no such registry\nverifeed: npm ci ended with status 7');
	});

	test('of two at once only one installs', async () => {
		const [one, other] = await Promise.all([run(['start']), run(['start'])]);
		expect([one.code, other.code]).toEqual([0, 0]);
		expect(calls()).toHaveLength(1);
	});
});

describe('a task', () => {
	beforeEach(() => run(['test']));

	test('gets its arguments and variables', async () => {
		const { output } = await run(['fail-over', '--bail', 'a b']);
		expect(JSON.parse(output)).toEqual({
			args: ['test/fail-over', '--bail', 'a b'],
			FAIL_OVER: 'long',
		});
	});

	test('ends the command as it ends itself', async () => {
		expect(await run(['start'], { TASK_CODE: '5' })).toMatchObject({ code: 5, signal: null });
		expect(await run(['start'], { TASK_DIES: '1' })).toMatchObject({
			code: null,
			signal: 'SIGKILL',
		});
	});

	test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
		'gets a %s, and is waited for',
		async (name) => {
			const child = start(['start'], { TASK_WAITS: '1' });
			const output = text(child.stdout.once('data', () => child.kill(name)));
			expect(await once(child, 'close')).toEqual([3, null]);
			expect(await output).toContain(name);
		},
	);

	test('gets a SIGTERM when npm dies without a word', async () => {
		const parent = `
			const { spawn } = require('node:child_process');
			const args = [${JSON.stringify(join(root, 'ops/npm.mjs'))}, 'start'];
			const env = { ...process.env, TASK_WAITS: '1', npm_lifecycle_event: 'start' };
			spawn(process.execPath, args, { env, stdio: 'inherit' });`;
		const npm = spawn(process.execPath, ['-e', parent]);
		const output = text(npm.stdout.once('data', () => npm.kill('SIGKILL')));
		expect(await output).toContain('SIGTERM');
	});

	test('that does not exist is refused with the names of those that do', async () => {
		const { reported, code } = await run(['strat']);
		expect([code, reported]).toEqual([1, expect.stringContaining('"strat" is no task')]);
	});
});

test('every script of package.json is a task, and every task a script', async () => {
	const file = join(import.meta.dirname, '../package.json');
	const { scripts } = JSON.parse(readFileSync(file, 'utf8'));
	const names = Object.keys(scripts);
	expect(Object.values(scripts)).toEqual(names.map((name) => `exec node ops/npm.mjs ${name}`));
	const { reported } = await run(['']);
	expect(/the tasks are: (.*)/.exec(reported)?.[1]?.split(' ').sort()).toEqual(names.sort());
});
