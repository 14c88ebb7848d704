import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { endProcess, startProcess } from '../services/processes.ts';
import { ensurePrograms, findProgram, type ProgramName } from '../services/programs.ts';

/** What both makers' programs are called; Debian's own come from MariaDB and serve both. */
const names = {
	dump: { mariadb: ['mariadb-dump', 'mysqldump'], mysql: ['mysqldump', 'mariadb-dump'] },
	client: { mariadb: ['mariadb', 'mysql'], mysql: ['mysql', 'mariadb'] },
} as const;
const installed = { dump: 'mariadb-dump', client: 'mariadb' } as const satisfies Record<
	string,
	ProgramName
>;

/** The program that fits the server; where there is none it is installed, or the error says how. */
export async function findDatabaseProgram(
	kind: keyof typeof names,
	server: 'mariadb' | 'mysql',
	say: (line: string) => void,
): Promise<string> {
	for (const name of names[kind][server]) {
		const found = findProgram(name);
		if (found) return found;
	}
	await ensurePrograms([installed[kind]], 'backups', say);
	return findProgram(installed[kind]) ?? installed[kind];
}

export interface RunningProgram {
	stdin: Writable;
	stdout: Readable;
	/** Rejects, with what the program said, unless it ended well. */
	ended: Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}

/** Starts one of them on the database of a URL. The password goes by a file that only its owner can read. */
export async function startDatabaseProgram(
	program: string,
	url: URL,
	args: readonly string[],
): Promise<RunningProgram> {
	await using stack = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-admin-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	const file = join(folder, 'client.cnf');
	await writeFile(file, optionFile(url), { mode: 0o600 });
	const started = await startProcess(
		program,
		[`--defaults-file=${file}`, ...args, databaseOf(url)],
		{
			stdio: ['pipe', 'pipe', 'pipe'],
		},
	);
	stack.defer(() => endProcess(started, 2_000));
	const { stdin, stdout, stderr } = started.child;
	if (!stdin || !stdout || !stderr) throw new Error(`${program} has no pipes`);
	const output = text(stderr);
	const ended = started.exited.then(async ({ code, signal }) => {
		if (code === 0) return;
		const reason = (await output).trim().slice(-2_000) || `${signal ?? `status ${code}`}`;
		throw new Error(`${program} failed: ${reason}`);
	});
	// Whoever waits for it gets the error; nobody may be waiting yet.
	ended.catch(() => {});
	const kept = stack.move();
	return { stdin, stdout, ended, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

export function databaseOf(url: URL): string {
	return decodeURIComponent(url.pathname.slice(1));
}

function optionFile(url: URL): string {
	const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
	const host = url.hostname.replace(/^\[|\]$/g, '');
	return [
		'[client]',
		`host=${quoted(host)}`,
		`port=${url.port || 3306}`,
		`user=${quoted(decodeURIComponent(url.username))}`,
		`password=${quoted(decodeURIComponent(url.password))}`,
		'protocol=TCP',
		'',
	].join('\n');
}
