import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fetchPackages, packageFile, packageNames } from '../../bench/emulator/packages.ts';
import type { StandardJson } from '../../domain/source.ts';

const script = join(import.meta.dirname, 'solc.ts');
const compilers = packageNames.filter((name) => name.startsWith('solc@'));

/** Whether there is a compiler of a version such as v0.8.19+commit.7dd6d404. */
export function hasCompiler(version: string): boolean {
	return compilers.includes(packageOf(version));
}

/** Fetches the compilers that are not there yet. */
export async function fetchCompilers(): Promise<void> {
	await fetchPackages(compilers, 'the Solidity compilers of the tests');
}

export interface Compiled {
	/** Without warnings. */
	errors: string[];
	/** By path, then by name. */
	contracts: Record<string, Record<string, { abi?: unknown[] }>>;
}

/**
 * Compiles standard JSON inputs, one after the other, in a process of its own, as a compiler never gives
 * its memory back. The compilers have to be fetched before. Rejects when the compiler is not of exactly that version, its commit included.
 */
export async function compile(
	version: string,
	inputs: readonly StandardJson[],
): Promise<Compiled[]> {
	const child = spawn(process.execPath, [script, packageFile(packageOf(version), 'soljson.js')]);
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
	return `solc@${version.replace(/^v/, '').split('+')[0]}`;
}
