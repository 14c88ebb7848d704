import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { StandardJson } from '../../domain/source.ts';
import { root } from './process.ts';

const script = join(import.meta.dirname, 'solc.ts');
const installed = readdirSync(join(root, 'node_modules')).filter((name) =>
	name.startsWith('solc-'),
);

/** Whether the compiler of a version such as v0.8.19+commit.7dd6d404 is installed. */
export function hasCompiler(version: string): boolean {
	return installed.includes(packageOf(version));
}

export interface Compiled {
	/** Without warnings. */
	errors: string[];
	/** By path, then by name. */
	contracts: Record<string, Record<string, { abi?: unknown[] }>>;
}

/**
 * Compiles standard JSON inputs, one after the other, in a process of its own, as a compiler never gives
 * its memory back. Rejects when the compiler is not of exactly that version, its commit included.
 */
export async function compile(
	version: string,
	inputs: readonly StandardJson[],
): Promise<Compiled[]> {
	const child = spawn(process.execPath, [script, packageOf(version)], { cwd: root });
	// Minutes of work, beside tests that wait for each other.
	if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
	const output = Promise.all([text(child.stdout), text(child.stderr)]);
	child.stdin.end(inputs.map((input) => `${JSON.stringify(input)}\n`).join(''));
	const [stdout, stderr] = await output;
	const [own = '', ...lines] = stdout.trimEnd().split('\n');
	if (!own.startsWith(version.replace(/^v/, '')) || lines.length !== inputs.length) {
		throw new Error(`the compiler ${version} failed: ${own} ${stderr}`);
	}
	return lines.map((line) => compiled(JSON.parse(line) as Output));
}

interface Output {
	errors?: { severity: string; formattedMessage: string }[];
	contracts?: Compiled['contracts'];
}

function compiled({ errors = [], contracts = {} }: Output): Compiled {
	const bad = errors.filter(({ severity }) => severity === 'error');
	return { errors: bad.map(({ formattedMessage }) => formattedMessage), contracts };
}

function packageOf(version: string): string {
	return `solc-${version.replace(/^v/, '').split('+')[0]}`;
}
