import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, isFree, passwordOf, portOf, privateFolder } from './folder.ts';

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

test('a port that a stranger has taken is chosen anew, a wanted one is an error', async () => {
	const port = await portOf(folder, 'port');
	const stranger = createServer().listen(port, '127.0.0.1');
	await once(stranger, 'listening');
	await expect(portOf(folder, 'port', port)).rejects.toThrow(`port ${port} is taken`);
	const other = await portOf(folder, 'port');
	expect(other).not.toBe(port);
	stranger.close();
	expect(await portOf(folder, 'port')).toBe(other);
});

test('a wanted port is the one that is kept', async () => {
	const wanted = await freePort();
	expect(await portOf(folder, 'port', wanted)).toBe(wanted);
	expect(await portOf(folder, 'port')).toBe(wanted);
	expect(await isFree(wanted)).toBe(true);
});
