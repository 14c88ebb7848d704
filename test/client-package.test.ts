import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { packClient } from '../ops/client/pack.ts';
import { verified } from './harness/contracts.ts';
import { own, systemTest } from './harness/fixture.ts';
import { root } from './harness/process.ts';

const run = promisify(execFile);

/** A folder of somebody who has installed the package. */
const test = systemTest({ worker: {} }).extend(
	'folder',
	{ scope: 'file' },
	own(
		async () => {
			const folder = await mkdtemp(join(tmpdir(), 'verifeed-client-'));
			const installed = join(folder, 'node_modules', 'verifeed-client');
			await mkdir(installed, { recursive: true });
			await run('tar', ['-xzf', packClient(folder), '--strip-components=1', '-C', installed]);
			for (const name of ['graphql-ws', 'graphql']) {
				await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
			}
			await cp(join(import.meta.dirname, 'clients', 'packed.mjs'), join(folder, 'packed.mjs'));
			return folder;
		},
		(folder) => rm(folder, { recursive: true, force: true }),
	),
);

test('the package as it is published submits, follows, reads and goes on behind the end', async ({
	system,
	server,
	folder,
}) => {
	const good = verified(system.emulator, 'contract Packed {}\n', 'Packed');
	const bad = good.replace(/.$/, 'g');
	const { stdout } = await run(process.execPath, [
		join(folder, 'packed.mjs'),
		server.url,
		good,
		bad,
	]);
	expect(JSON.parse(stdout)).toMatchObject({
		submissions: [
			{ address: good, contract: { address: good, status: 'CREATED' }, refusal: null },
			{ address: bad, contract: null, refusal: { code: 'BAD_USER_INPUT' } },
		],
		statuses: ['CREATED', 'PROCESS', 'SUCCESS'],
		contract: {
			status: 'SUCCESS',
			version: 3,
			source: { name: 'Packed', files: [{ content: 'contract Packed {}\n' }] },
		},
		isSame: true,
		many: ['SUCCESS', null, 'SUCCESS'],
		refusal: { isOurs: true, code: 'BAD_USER_INPUT' },
		onwards: [
			...['4 CREATED', '5 PROCESS', '6 SUCCESS'],
			...['7 CREATED', '8 PROCESS', '9 SUCCESS'],
		],
	});
});

test('the package holds its code, its types, its licence and how it is used, and nothing else', async ({
	folder,
}) => {
	const installed = join(folder, 'node_modules', 'verifeed-client');
	expect((await readdir(installed)).sort()).toEqual([
		'LICENSE',
		'README.md',
		'dist',
		'package.json',
	]);
	const kinds = new Set(
		(await readdir(join(installed, 'dist'))).map((name) => name.replace(/^\w+/, '')),
	);
	expect(kinds).toEqual(new Set(['.js', '.d.ts']));
	const { peerDependencies, dependencies } = JSON.parse(
		await readFile(join(installed, 'package.json'), 'utf8'),
	);
	expect({ peerDependencies, dependencies }).toEqual({
		peerDependencies: { 'graphql-ws': '^6.0.0' },
		dependencies: undefined,
	});
});
