import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import {
	birthOf,
	describeExit,
	endLeftovers,
	endProcess,
	rememberProcesses,
	startProcess,
} from './processes.ts';

const stubborn = `process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e9)`;

test('who does not go in time is killed', async () => {
	const started = await startProcess(process.execPath, ['-e', stubborn], {
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	if (started.child.stdout) await once(started.child.stdout, 'data');
	await endProcess(started, 50);
	expect(describeExit(await started.exited)).toBe('was ended by SIGKILL');
	// Once more is no mistake.
	await endProcess(started, 50);
});

test('a program that cannot be started is an error, not a crash', async () => {
	const start = startProcess('/no/such/program', [], { stdio: 'ignore' });
	await start.then(
		async ({ exited }) => expect((await exited).code).not.toBe(0),
		(error) => expect(error.code).toBe('ENOENT'),
	);
});

test.runIf(process.platform === 'linux')('it ends with the process that started it', async () => {
	const parent = `
		import { once } from 'node:events';
		import { startProcess } from ${JSON.stringify(join(import.meta.dirname, 'processes.ts'))};
		const stdio = ['ignore', 'pipe', 'ignore'];
		const { child, pid } = await startProcess('sh', ['-c', 'echo up; exec sleep 1000'], { stdio });
		// Only then has it been asked to end with this one.
		await once(child.stdout, 'data');
		console.log(pid);
		process.kill(process.pid, 'SIGKILL');`;
	const args = ['--input-type=module', '-e', parent];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	const [[line]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
	const pid = Number(String(line));
	while (birthOf(pid)) await new Promise(setImmediate);
});

test('what a killed parent left is ended, another with the same number is not', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
	const file = join(folder, 'running.json');
	const mine = spawn('sleep', ['1000'], { stdio: 'ignore' });
	const other = spawn('sleep', ['1000'], { stdio: 'ignore' });
	await Promise.all([once(mine, 'spawn'), once(other, 'spawn')]);
	rememberProcesses(file, [mine.pid ?? 0]);
	const ended = once(mine, 'exit');
	await endLeftovers(file, 5_000);
	expect((await ended)[1]).toBe('SIGTERM');
	writeFileSync(file, JSON.stringify([{ pid: other.pid, born: '1' }]));
	await endLeftovers(file, 5_000);
	expect(birthOf(other.pid ?? 0)).toBeDefined();
	other.kill('SIGKILL');
	// Nothing written down, nothing to do.
	await endLeftovers(file, 5_000);
	rmSync(folder, { recursive: true });
});
