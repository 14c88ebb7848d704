import { spawn } from 'node:child_process';
import { accessSync, constants, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installAdvice, packagesFor, type packagesOf } from './advice.ts';
import { SetupError } from './setup-error.ts';

export type ProgramName = keyof typeof packagesOf;

/** The programs are not there and could not be installed; the message tells a person what to do. */
export class MissingPrograms extends SetupError {
	readonly programs: readonly ProgramName[];
	readonly reason: string;
	constructor(programs: readonly ProgramName[], reason: string) {
		super(installAdvice(programs, reason));
		this.programs = programs;
		this.reason = reason;
	}
}

// Debian's wrapper on the PATH turns root into the user rabbitmq, who may not read a private folder.
const preferred: Partial<Record<ProgramName, string>> = {
	'rabbitmq-server': '/usr/lib/rabbitmq/bin/rabbitmq-server',
};
// A user's PATH often leaves these out, and mariadbd and chroot live there.
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin'];

/** Where a program is, or undefined. */
export function findProgram(name: string): string | undefined {
	const { PATH = '' } = process.env;
	const known = preferred[name as ProgramName];
	const folders = [...PATH.split(delimiter).filter(Boolean), ...systemFolders];
	return [known, ...folders.map((folder) => join(folder, name))].find(isProgram);
}

function isProgram(file: string | undefined): file is string {
	try {
		accessSync(file ?? '', constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * Makes sure that the programs are there: as root it installs what is missing through apt-get and says so in one
 * line, without leaving a system service started or enabled. Throws MissingPrograms where that cannot be.
 */
export async function ensurePrograms(
	names: readonly ProgramName[],
	purpose: string,
	say: (line: string) => void = console.log,
): Promise<void> {
	const missing = names.filter((name) => !findProgram(name));
	if (missing.length === 0) return;
	if (process.getuid?.() !== 0) throw new MissingPrograms(missing, 'only root can install them');
	if (!findProgram('apt-get')) throw new MissingPrograms(missing, 'there is no apt-get');
	const packages = packagesFor(missing);
	say(`installing ${packages.join(', ')} through apt-get, for ${purpose}; no service is started`);
	const output = await install(packages);
	const still = missing.filter((name) => !findProgram(name));
	if (still.length === 0) return;
	say(output.trimEnd().split('\n').slice(-12).join('\n'));
	throw new MissingPrograms(still, 'apt-get could not install them, see above');
}

/** In a session of its own and never interrupted: a package manager stopped half-way leaves a mess. */
async function install(packages: string[]): Promise<string> {
	const script = fileURLToPath(new URL('./install-quietly.sh', import.meta.url));
	const log = join(tmpdir(), `verifeed-install-${process.pid}.log`);
	const fd = openSync(log, 'wx', 0o600);
	const child = spawn('sh', [script, ...packages], { detached: true, stdio: ['ignore', fd, fd] });
	await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
	const output = readFileSync(log, 'utf8');
	rmSync(log);
	return output;
}
