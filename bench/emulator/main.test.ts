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

test('the program says where each upstream is, and has the catalogue where it is switched on', async () => {
	const child = spawn(process.execPath, [main, '--catalogue', 'sourcify'], { stdio: 'pipe' });
	const exited = once(child, 'exit');
	const lines: string[] = [];
	for await (const line of createInterface(child.stdout)) {
		lines.push(line);
		if (line.startsWith('controls at ')) break;
	}
	const origin = lines[0]?.replace('emulator listening on ', '');
	expect(lines.slice(1)).toEqual([
		`etherscan at ${origin}/v2/api`,
		`sourcify at ${origin}/server`,
		`blockscout at ${origin}/blockscout`,
		`controls at ${origin}/emulator`,
	]);
	const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
	expect((await fetch(`${origin}/server/v2/contract/1/${weth}`)).status).toBe(200);
	expect((await fetch(`${origin}/emulator/stats`)).status).toBe(200);
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
