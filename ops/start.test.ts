import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

function start(...options: string[]) {
	const args = [join(import.meta.dirname, 'start.ts'), ...options];
	return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

test('an option that is not known ends the start, and says which there are', () => {
	const { status, stdout, stderr } = start('--fast');
	expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
	expect(stderr).toMatch(/Unknown option '--fast'.*npm start -- \[--no-monitoring\] \[--watch\]/s);
});

test('--help says which options there are, and starts nothing', () => {
	const { status, stdout, stderr } = start('--help');
	expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
	expect(stdout).toMatch(/^npm start -- \[--no-monitoring\]/);
});
