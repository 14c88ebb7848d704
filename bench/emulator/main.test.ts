import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

test('the program says where it listens and ends on SIGTERM with 0', async () => {
	const child = spawn(process.execPath, [main, '--latency', '1'], { stdio: 'pipe' });
	const exited = once(child, 'exit');
	const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
	const origin = /^emulator listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
	expect((await fetch(`${origin}/v2/chainlist`)).status).toBe(200);
	child.kill('SIGTERM');
	expect(await exited).toEqual([0, null]);
});

test('a wrong flag ends it with 1 and one line that says which', async () => {
	const child = spawn(process.execPath, [main, '--faults', 'gremlins=1'], { stdio: 'pipe' });
	const exited = once(child, 'exit');
	const [line] = (await once(createInterface(child.stderr), 'line')) as [string];
	expect(line).toMatch(/^fault "gremlins" is none of: /);
	expect(await exited).toEqual([1, null]);
});
