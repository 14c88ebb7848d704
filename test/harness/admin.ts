import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { quickly } from '../../ops/run/children.ts';
import { codeCache, root } from './process.ts';
import { type System, secretKey } from './system.ts';

export interface AdminRun {
	code: number | null;
	stdout: string;
	stderr: string;
	/** The one document of a command with `--json`. */
	json<T>(): T;
}

const base = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: codeCache };
const script = 'ops/admin/main.ts';

/** Runs one command for those on call, as a script of theirs would: without a terminal. */
export async function runAdmin(
	system: Pick<System, 'env'>,
	args: readonly string[],
	env: Record<string, string> = {},
): Promise<AdminRun> {
	const child = spawn(process.execPath, [...quickly, script, ...args], {
		cwd: root,
		env: { ...base, ...system.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const [stdout, stderr, [code]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, 'close') as Promise<[number | null]>,
	]);
	mustHoldNoSecret(system, stdout + stderr);
	// The caller says what it expects the document to be, and asserts it.
	return { code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}

/** As a person does: at a terminal, where a question is waited for and answered. */
export async function answerAdmin(
	system: Pick<System, 'env'>,
	args: readonly string[],
	answer: string,
): Promise<{ code: number | null; screen: string }> {
	const words = [process.execPath, ...quickly, script, ...args].map((word) => `'${word}'`);
	const child = spawn('script', ['-qec', words.join(' '), '/dev/null'], {
		cwd: root,
		env: { ...base, TERM: 'dumb', ...system.env },
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	let screen = '';
	let asked = false;
	child.stdout.on('data', (chunk: Buffer) => {
		screen += chunk.toString();
		if (asked || !screen.includes('[y/N]')) return;
		asked = true;
		child.stdin.write(`${answer}\n`);
	});
	const [code] = (await once(child, 'close')) as [number | null];
	mustHoldNoSecret(system, screen);
	return { code, screen };
}

function mustHoldNoSecret({ env }: Pick<System, 'env'>, output: string): void {
	const urls = ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'].map((name) => env[name] ?? '');
	const passwords = urls.map((url) => new URL(url).password).filter(Boolean);
	for (const secret of [secretKey, ...passwords]) {
		if (output.includes(secret)) throw new Error('the command printed a secret');
	}
}
