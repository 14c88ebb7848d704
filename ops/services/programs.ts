import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './setup-error.ts';
import { store, unpackedTrees, unpackPackages } from './unpacked.ts';

/** Debian packages that bring each program. */
const packagesOf = {
	mariadbd: ['mariadb-server-core'],
	// The script itself comes with the server, my_print_defaults, which it calls, with the client.
	'mariadb-install-db': ['mariadb-server-core', 'mariadb-client-core'],
	// Both are there for backups alone.
	'mariadb-dump': ['mariadb-client'],
	mariadb: ['mariadb-client-core'],
	'redis-server': ['redis-server'],
	'rabbitmq-server': ['rabbitmq-server'],
	chromium: ['chromium'],
	prometheus: ['prometheus'],
	'prometheus-alertmanager': ['prometheus-alertmanager'],
	'prometheus-node-exporter': ['prometheus-node-exporter'],
	'prometheus-mysqld-exporter': ['prometheus-mysqld-exporter'],
	'prometheus-redis-exporter': ['prometheus-redis-exporter'],
	// The three check the configuration of the monitoring, and nothing else.
	promtool: ['prometheus'],
	amtool: ['prometheus-alertmanager'],
	'docker-compose': ['docker-compose'],
	mmdebstrap: ['mmdebstrap', 'debian-archive-keyring'],
	// The load generator of the measurements, and what the peer in Python runs on.
	wrk: ['wrk'],
	uvicorn: [
		...['uvicorn', 'python3-fastapi', 'python3-uvicorn', 'python3-uvloop', 'python3-httptools'],
		...['python3-aiomysql', 'python3-aio-pika', 'python3-redis'],
	],
} satisfies Record<string, readonly string[]>;

export type ProgramName = keyof typeof packagesOf;

export const servicePrograms = [
	...(['mariadbd', 'mariadb-install-db', 'rabbitmq-server', 'redis-server'] as const),
] as const;

// They look for their parts where Debian installs them, and nowhere else.
const onlyInstalled: readonly ProgramName[] = ['chromium', 'docker-compose', 'mmdebstrap'];

// Debian's wrapper on the PATH turns root into the user rabbitmq, who may not read a private folder.
const preferred: Partial<Record<string, string>> = {
	'rabbitmq-server': 'usr/lib/rabbitmq/bin/rabbitmq-server',
};
// A user's PATH often leaves these out, and mariadbd and chroot live there.
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin'];

/** Where a program is, or undefined: an installed one, else one unpacked under `.data/programs/`. */
export function findProgram(name: string): string | undefined {
	const { PATH = '' } = process.env;
	const special = preferred[name] ? [preferred[name]] : [];
	const candidates = [
		...special.map((path) => join('/', path)),
		...[...PATH.split(delimiter).filter(Boolean), ...systemFolders].map((one) => join(one, name)),
		...unpackedTrees().flatMap((tree) =>
			[...special, `usr/sbin/${name}`, `usr/bin/${name}`].map((path) => join(tree, path)),
		),
	];
	return candidates.find(isProgram);
}

function isProgram(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** The programs are not there and could not be had; the message says what a person can do. */
export class MissingPrograms extends SetupError {
	readonly programs: readonly ProgramName[];
	readonly reason: string;
	constructor(programs: readonly ProgramName[], reason: string) {
		super(installAdvice(programs, reason));
		this.programs = programs;
		this.reason = reason;
	}
}

/**
 * Makes sure that the programs are there, through apt-get, and says so in one line: root gets what is missing installed,
 * without a system service started or enabled, anybody else unpacked under `.data/`. Throws MissingPrograms where that
 * cannot be. The signal ends an unpacking; an installation is never interrupted.
 */
export async function ensurePrograms(
	names: readonly ProgramName[],
	purpose: string,
	say: (line: string) => void = console.log,
	signal?: AbortSignal,
): Promise<void> {
	const missing = names.filter((name) => !findProgram(name));
	if (missing.length === 0) return;
	if (!findProgram('apt-get')) throw new MissingPrograms(missing, 'there is no apt-get');
	const isRoot = process.getuid?.() === 0;
	const possible = isRoot ? missing : missing.filter((name) => !onlyInstalled.includes(name));
	const packages = packagesFor(possible);
	if (packages.length > 0) {
		const shown = store.startsWith(process.cwd()) ? relative('.', store) : store;
		const how = isRoot ? 'installing' : 'unpacking';
		const effect = isRoot ? 'no service is started' : `into ${shown}, nothing is installed`;
		say(`${how} ${packages.join(', ')} through apt-get, for ${purpose}; ${effect}`);
	}
	const output = isRoot ? await install(packages) : await unpack(packages, signal);
	signal?.throwIfAborted();
	const still = names.filter((name) => !findProgram(name));
	if (still.length === 0) return;
	if (output) say(output.trimEnd().split('\n').slice(-12).join('\n'));
	const why = output ? 'apt-get could not get them, see above' : 'only root can install them';
	throw new MissingPrograms(still, why);
}

/** In a session of its own and never interrupted: a package manager stopped half-way leaves a mess. */
async function install(packages: string[]): Promise<string> {
	const script = fileURLToPath(new URL('./install-quietly.sh', import.meta.url));
	const folder = mkdtempSync(join(tmpdir(), 'verifeed-install-'));
	const log = join(folder, 'log');
	const fd = openSync(log, 'wx', 0o600);
	const child = spawn('sh', [script, ...packages], { detached: true, stdio: ['ignore', fd, fd] });
	await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
	const output = readFileSync(log, 'utf8');
	rmSync(folder, { recursive: true });
	return output;
}

/** What went wrong, or nothing. */
async function unpack(packages: string[], signal: AbortSignal | undefined): Promise<string> {
	if (packages.length === 0) return '';
	return unpackPackages(packages, signal).then(
		() => '',
		(error) => `${error.stderr || error.message}`,
	);
}

/** The packages that bring these programs, each once, in the order asked. */
export function packagesFor(programs: readonly ProgramName[]): string[] {
	return [...new Set(programs.flatMap((program) => packagesOf[program]))];
}

/** What a person does by hand when the programs cannot be had for them. */
export function installAdvice(programs: readonly ProgramName[], reason: string): string {
	const packages = packagesFor(programs).join(' ');
	return [
		`missing: ${programs.join(', ')} (${reason})`,
		'',
		'Install them (Debian, Ubuntu):',
		`  sudo apt-get update && sudo apt-get install --no-install-recommends ${packages}`,
	].join('\n');
}

type Container = { variable: string; run: string; url: string };

const mysql: Container = {
	variable: 'MYSQL_URL',
	run: 'docker run -d --name verifeed-mysql -p 127.0.0.1:3306:3306 -e MYSQL_RANDOM_ROOT_PASSWORD=yes -e MYSQL_DATABASE=verifeed -e MYSQL_USER=verifeed -e MYSQL_PASSWORD=verifeed mysql:8.4',
	url: 'mysql://verifeed:verifeed@127.0.0.1:3306/verifeed',
};

const containers: Partial<Record<ProgramName, Container>> = {
	mariadbd: mysql,
	'mariadb-install-db': mysql,
	'rabbitmq-server': {
		variable: 'RABBITMQ_URL',
		run: 'docker run -d --name verifeed-rabbitmq -p 127.0.0.1:5672:5672 -p 127.0.0.1:15672:15672 -e RABBITMQ_DEFAULT_USER=verifeed -e RABBITMQ_DEFAULT_PASS=verifeed rabbitmq:4-management',
		url: 'amqp://verifeed:verifeed@127.0.0.1:5672',
	},
	'redis-server': {
		variable: 'REDIS_URL',
		run: 'docker run -d --name verifeed-redis -p 127.0.0.1:6379:6379 redis:7 redis-server --appendonly yes',
		url: 'redis://127.0.0.1:6379',
	},
};

/** How to do without the programs: servers in Docker, and the settings that name them. */
export function dockerAdvice(programs: readonly ProgramName[]): string {
	const way = [...new Set(programs.map((program) => containers[program]).filter((c) => !!c))];
	return [
		'Or run them in Docker and say where they are:',
		...way.map(({ run }) => `  ${run}`),
		...way.map(({ variable, url }) => `  export ${variable}=${url}`),
	].join('\n');
}
