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

// Stands in for npm: writes what it was called with, and makes what npm ci would.
const fakeNpm = `
const { appendFileSync, chmodSync, copyFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
if (process.env.NPM_FAILS) { console.error('npm error no such registry'); process.exit(7); }
mkdirSync('node_modules/.bin', { recursive: true });
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
if (process.argv[2] === 'rebuild' || !process.env.NO_NODE) {
	writeFileSync('node_modules/.bin/node', '#!/bin/sh\\necho v24.0.0\\n');
	chmodSync('node_modules/.bin/node', 0o755);
}`;

let root = '';

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'bootstrap with spaces '));
	mkdirSync(join(root, 'ops'));
	cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(root, 'ops/bootstrap.mjs'));
	writeFileSync(join(root, 'npm.cjs'), fakeNpm);
	writeLock('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string): void {
	const packages = { '': {}, 'node_modules/a': { version }, 'node_modules/b': { optional: true } };
	writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}

async function bootstrap(env: Record<string, string> = {}) {
	const child = spawn(process.execPath, [join(root, 'ops/bootstrap.mjs')], {
		env: { ...process.env, npm_execpath: join(root, 'npm.cjs'), ...env },
	});
	const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
	return { said, code };
}

function calls(): string[] {
	const file = join(root, 'calls');
	return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

const ci = 'ci --include=dev --no-audit --no-fund --loglevel=error';

describe('the step before every script', () => {
	test('installs the packages when there are none, and says why in one line', async () => {
		const { said, code } = await bootstrap();
		expect(code).toBe(0);
		expect(said).toBe(
			'verifeed: installing packages with npm ci, because node_modules is missing\n',
		);
		expect(calls()).toEqual([ci]);
	});

	test('does nothing and says nothing when nothing has changed', async () => {
		await bootstrap();
		expect(await bootstrap()).toEqual({ said: '', code: 0 });
		expect(calls()).toHaveLength(1);
	});

	test('installs again when the lock file names other packages', async () => {
		await bootstrap();
		writeLock('1.0.1');
		expect((await bootstrap()).said).toContain('because package-lock.json has changed');
		expect(calls()).toHaveLength(2);
	});

	test("takes a person's own npm install as it is", async () => {
		await bootstrap();
		appendFileSync(join(root, 'package-lock.json'), '\n');
		expect(await bootstrap()).toEqual({ said: '', code: 0 });
		expect(calls()).toHaveLength(1);
	});

	test('installs again after an installation that was interrupted', async () => {
		await bootstrap();
		rmSync(join(root, 'node_modules/.package-lock.json'));
		rmSync(join(root, 'node_modules/.verifeed-stamp'));
		expect((await bootstrap()).said).toContain('because node_modules is incomplete');
	});

	test('fetches Node 24 when an installation did not bring it', async () => {
		const { said, code } = await bootstrap({ NO_NODE: '1' });
		expect(code).toBe(0);
		expect(said).toContain('the pinned Node 24 is not in place');
		expect(calls()).toEqual([ci, 'rebuild node --ignore-scripts=false']);
	});

	test('notices another program in the place of Node 24', async () => {
		await bootstrap();
		const node = join(root, 'node_modules/.bin/node');
		writeFileSync(node, '#!/bin/sh\necho v20.1.0\n');
		chmodSync(node, 0o755);
		utimesSync(node, 1, 1);
		expect((await bootstrap()).said).toContain('the pinned Node 24 is not in place');
	});

	test('fails with what npm said', async () => {
		const { said, code } = await bootstrap({ NPM_FAILS: '1' });
		expect(code).toBe(1);
		expect(said).toContain('npm error no such registry\nverifeed: npm ci ended with status 7');
	});

	test('of two at once only one installs', async () => {
		const [one, other] = await Promise.all([bootstrap(), bootstrap()]);
		expect([one.code, other.code]).toEqual([0, 0]);
		expect(calls()).toHaveLength(1);
	});
});
