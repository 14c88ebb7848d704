import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { systemTest } from './harness/fixture.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

const test = systemTest({ server: { ETHERSCAN_API_WAIT_MS: '50000' }, worker: {} });

test.for<[string, RegExp[]]>([
	[
		'README.md',
		[/^event: complete$/m, /"name":"WETH9"/, /^pragma solidity|^\/\/ /m, /"status":"1"/],
	],
	['docs/graphql.md', [/status: 'SUCCESS'/, /"sourceDiff":/, /WETH9\.sol/]],
	['docs/etherscan-api.md', [/"SourceCode":"\{\{/, /"chainname":/]],
])('the commands of %s work as they are pasted', async ([name, expected], { server }) => {
	const text = await readFile(join(root, name), 'utf8');
	const blocks = Array.from(text.matchAll(/```sh\n(.*?)```/gs), ([, block = '']) => block);
	const script = blocks
		.filter((block) => block.includes('localhost:4000') || block.startsWith('ask '))
		.join('\n')
		.replaceAll('localhost:4000', new URL(server.url).host)
		.replaceAll('npm exec -- node', `'${process.execPath}'`)
		.replaceAll('/tmp/weth9.zip', '/dev/null');
	const { stdout, stderr } = await run('sh', ['-ec', script], { cwd: root });
	for (const one of expected) expect(stdout).toMatch(one);
	expect(stderr).toBe('');
	// The one that shows what a mistake looks like.
	const errors = stdout.match(/"errors":/g) ?? [];
	expect(errors).toHaveLength(/0xC02a\\/.test(script) ? 1 : 0);
});
