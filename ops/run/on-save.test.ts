import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'verifeed-save-'));
for (const name of [
	'domain',
	'platform',
	'sources',
	'schema',
	'server/deep',
	'worker',
	'ops/run',
]) {
	mkdirSync(join(folder, name), { recursive: true });
}
cpSync('ops/run/on-save.ts', join(folder, 'ops/run/on-save.ts'));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, 'server/deep/value.ts');
/** As editors and git save: another file takes the name. */
function replace(text: string): void {
	writeFileSync(`${file}.new`, text);
	renameSync(`${file}.new`, file);
}

test('a process starts anew at each save, however the file is written, and comes back from a mistake', async () => {
	replace('export const value = 1;');
	writeFileSync(
		join(folder, 'server/main.ts'),
		"import { value } from './deep/value.ts'; console.log('value', value); setInterval(() => {}, 1e6);",
	);
	const child = spawn(process.execPath, ['ops/run/on-save.ts', 'server/main.ts'], {
		cwd: folder,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	async function said(wanted: RegExp): Promise<void> {
		for (;;) {
			const { value, done } = await lines.next();
			if (done) throw new Error(`it ended without saying ${wanted}`);
			if (wanted.test(value)) return;
		}
	}
	await said(/^value 1$/);
	replace('export const value = 2;');
	await said(/^value 2$/);
	writeFileSync(file, 'export const value = 3;');
	await said(/^value 3$/);
	replace('export const value = ;');
	await said(/starts again when a file is saved/);
	replace('export const value = 4;');
	await said(/^value 4$/);
	child.kill('SIGTERM');
	expect(await once(child, 'exit')).toEqual([1, null]);
});
