import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { findProgram, type ProgramName } from '../services/programs.ts';

type Options = { env?: Record<string, string>; cwd?: string; input?: string };

export function isMissing(name: ProgramName): boolean {
	return findProgram(name) === undefined;
}

/** Runs a checking tool to its end; what it printed, and whether it was content. */
export async function runTool(
	name: ProgramName,
	args: readonly string[],
	{ env = {}, cwd, input = '' }: Options = {},
): Promise<{ output: string; ok: boolean }> {
	const { PATH = '' } = process.env;
	const child = spawn(findProgram(name) ?? name, args, {
		cwd,
		env: { PATH, ...env },
		stdio: 'pipe',
	});
	const status = new Promise<number | null>((resolve, reject) =>
		child.on('error', reject).on('close', resolve),
	);
	child.stdin.on('error', () => undefined).end(input);
	const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), status]);
	return { output: out + err, ok: code === 0 };
}
