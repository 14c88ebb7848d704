import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'client');

/** Builds the client package and packs it as it would be published, into a folder; returns the path of the file. */
export function packClient(into: string): string {
	rmSync(join(folder, 'dist'), { recursive: true, force: true });
	run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'client'], root);
	copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
	const { npm_execpath: script, npm_node_execpath: node = 'node' } = process.env;
	const [program, head] = script ? [node, [script]] : ['npm', []];
	const packed = run(program, [...head, 'pack', '--json', '--pack-destination', into], folder);
	const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
	return join(into, filename);
}

function run(program: string, args: readonly string[], cwd: string): string {
	return execFileSync(program, args, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
}

if (import.meta.main) console.log(packClient(root));
