import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { passwordOf, portOf, preferredPortOf, privateFolder } from './folder.ts';
import { freePort, isFree } from './ports.ts';

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('a password is made once, is long, and only its owner can read it', () => {
	const password = passwordOf(folder);
	expect(password).toMatch(/^[0-9a-f]{48}$/);
	expect(passwordOf(folder)).toBe(password);
	expect(modeOf(join(folder, 'password'))).toBe(0o600);
	const inner = join(folder, 'a/b');
	privateFolder(inner);
	expect(modeOf(inner)).toBe(0o700);
});

test('a port is chosen once and kept', async () => {
	const port = await portOf(folder, 'port');
	expect(await portOf(folder, 'port')).toBe(port);
	expect(await portOf(folder, 'other-port')).not.toBe(port);
});

test('a port that another program has taken is chosen anew, a wanted one is an error', async () => {
	const port = await portOf(folder, 'port');
	const other = createServer().listen(port, '127.0.0.1');
	await once(other, 'listening');
	await expect(portOf(folder, 'port', port)).rejects.toThrow(`port ${port} is taken`);
	const next = await portOf(folder, 'port');
	expect(next).not.toBe(port);
	other.close();
	expect(await portOf(folder, 'port')).toBe(next);
});

test('a wanted port is the one that is kept', async () => {
	const wanted = await freePort();
	expect(await portOf(folder, 'port', wanted)).toBe(wanted);
	expect(await portOf(folder, 'port')).toBe(wanted);
	expect(await isFree(wanted)).toBe(true);
});

test('no two are given the same port, also before anybody listens there', async () => {
	const folders = ['a', 'b', 'c'].map((name) => join(folder, name));
	for (const one of folders) privateFolder(one);
	const wellKnown = await freePort();
	const ports = await Promise.all([
		...folders.map((one) => preferredPortOf(one, wellKnown)),
		...Array.from({ length: 300 }, () => freePort()),
	]);
	expect(new Set(ports).size).toBe(ports.length);
	expect(ports.filter((port) => port === wellKnown)).toHaveLength(1);
	expect(await preferredPortOf(join(folder, 'a'), 1)).toBe(ports[0]);
});

test.runIf(process.platform === 'linux')(
	'a port that another process was given is not given here',
	async () => {
		const other = `
			import { freePort } from ${JSON.stringify(join(import.meta.dirname, 'ports.ts'))};
			console.log(await freePort());
			process.stdin.resume();`;
		const args = ['--input-type=module', '-e', other];
		const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
		const [line] = await once(child.stdout, 'data');
		const port = Number(String(line));
		expect(await isFree(port)).toBe(true);
		await expect(portOf(folder, 'port', port)).rejects.toThrow(`port ${port} is taken`);
		child.stdin.end();
		await once(child, 'exit');
		expect(await portOf(folder, 'port', port)).toBe(port);
	},
);
