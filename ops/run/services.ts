import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { keptPort, privateFolder, writePrivate } from '../services/folder.ts';
import { startMariadb } from '../services/mariadb.ts';
import {
	dockerAdvice,
	ensurePrograms,
	MissingPrograms,
	type ProgramName,
} from '../services/programs.ts';
import { startRabbitmq } from '../services/rabbitmq.ts';
import { startRedis } from '../services/redis.ts';
import type { RunningService } from '../services/service.ts';
import { SetupError } from '../services/setup-error.ts';
import { claimInstance, type InstanceState, peekInstance } from './instance.ts';
import { type StageName, type Stages, startAll } from './keep-running.ts';
import type { Run } from './run.ts';
import { givenUrls, type ServiceUrls, type ServiceVariable } from './settings.ts';

export type OpenedServices = {
	urls: ServiceUrls;
	/** What this process has started itself. */
	started: readonly StageName[];
	/** RabbitMQ's pages, without credentials; undefined where RabbitMQ is not ours. */
	managementUrl: string | undefined;
	/** Where the services are this clone's own, whoever of its commands started them. */
	own: OwnServices;
	/** The command that runs them for this clone, where that is another one. */
	lender: InstanceState | undefined;
	/** Resolves with the reason when one of them cannot be kept running. */
	gaveUp: Promise<string>;
};

/** What there is to watch of them; host and port of RabbitMQ's Prometheus plug-in. */
export type OwnServices = {
	mysqlUrl: string | undefined;
	redisUrl: string | undefined;
	rabbitmq: string | undefined;
};

export const urlFile = 'services.env';

type Start = (folder: string, options: { signal: AbortSignal }) => Promise<RunningService>;
type Entry = { variable: ServiceVariable; name: StageName; programs: ProgramName[]; start: Start };

const catalogue: readonly Entry[] = [
	{
		variable: 'MYSQL_URL',
		name: 'MariaDB',
		programs: ['mariadbd', 'mariadb-install-db'],
		start: startMariadb,
	},
	{
		variable: 'RABBITMQ_URL',
		name: 'RabbitMQ',
		programs: ['rabbitmq-server'],
		start: startRabbitmq,
	},
	{ variable: 'REDIS_URL', name: 'Redis', programs: ['redis-server'], start: startRedis },
];

type Context = Omit<Run, 'printer'> & {
	env: NodeJS.ProcessEnv;
	command: string;
	stages: Stages;
};

/** The services named in the environment, else those that run for this clone already, else ones started now. */
export async function openServices(context: Context): Promise<OpenedServices> {
	const given = givenUrls(context.env);
	const wanted = catalogue.filter(({ variable }) => !given[variable]);
	const never = new Promise<string>(() => undefined);
	const none = { started: [], managementUrl: undefined, lender: undefined, gaveUp: never };
	if (wanted.length === 0) {
		const own = ownServices(given as ServiceUrls, given, context.folder);
		return { urls: given as ServiceUrls, ...none, own };
	}

	privateFolder(context.folder);
	const { command, folder, signal, say } = context;
	const urls = { Services: `their URLs, with passwords, are in ${join(folder, urlFile)}` };
	const state = { command, pid: process.pid, ready: false, urls };
	const claim = await claimInstance(folder, 'services', state);
	if (!claim.mine) {
		say(`using the services of ${claim.holder.command} (pid ${claim.holder.pid})`);
		const ready = await peekInstance(folder, 'services', { untilReady: true, signal });
		if (!ready) throw new SetupError(`${claim.holder.command} ended before its services were up`);
		const lent = { ...readUrls(folder), ...given };
		return { urls: lent, ...none, own: ownServices(lent, given, folder), lender: ready };
	}
	const names = wanted.map(({ name }) => name);
	const programs = wanted.flatMap((entry) => entry.programs);
	await ensureInstalled(programs, `the private ${names.join(', ')}`, context);
	const begun = Date.now();
	const units = wanted.map(({ name, start }) => ({
		name,
		start: (until: AbortSignal) => start(serviceFolder(folder, name), { signal: until }),
	}));
	const { started: services, gaveUp } = await startAll(units, context);
	const seconds = ((Date.now() - begun) / 1000).toFixed(1);
	say(`${names.join(', ')} up after ${seconds} s, data in ${folder}`);
	const all = { ...given } as ServiceUrls;
	for (const [index, { variable }] of wanted.entries()) all[variable] = services[index]?.url ?? '';
	writeUrls(folder, all);
	claim.update({ ...state, ready: true });
	return {
		urls: all,
		started: names,
		managementUrl: managementUrl(services),
		own: ownServices(all, given, folder),
		lender: undefined,
		gaveUp,
	};
}

function serviceFolder(folder: string, name: StageName): string {
	return join(folder, name.toLowerCase());
}

function ownServices(all: ServiceUrls, given: Partial<ServiceUrls>, folder: string): OwnServices {
	const port = keptPort(serviceFolder(folder, 'RabbitMQ'), 'metrics-port');
	return {
		mysqlUrl: given.MYSQL_URL ? undefined : all.MYSQL_URL,
		redisUrl: given.REDIS_URL ? undefined : all.REDIS_URL,
		rabbitmq: given.RABBITMQ_URL || !port ? undefined : `127.0.0.1:${port}`,
	};
}

function managementUrl(services: readonly RunningService[]): string | undefined {
	const url = services.map((one) => 'managementUrl' in one && one.managementUrl).find(Boolean);
	return typeof url === 'string' ? new URL(url).origin : undefined;
}

function writeUrls(folder: string, urls: ServiceUrls): void {
	// In a URL a quote can be written as %27, so that a shell reads the line as it stands.
	const quote = (url: string) => `'${url.replaceAll("'", '%27')}'`;
	const lines = Object.entries(urls).map(([name, url]) => `export ${name}=${quote(url)}\n`);
	writePrivate(folder, urlFile, lines.join(''));
}

/** The addresses of the services that run for this clone, or last did. */
export function readUrls(folder: string): ServiceUrls {
	return parseEnv(readFileSync(join(folder, urlFile), 'utf8')) as ServiceUrls;
}

/** Makes sure that the service programs are there; where they cannot be had, the error names every way out. */
export async function ensureInstalled(
	programs: readonly ProgramName[],
	purpose: string,
	{ say, signal }: Pick<Run, 'say' | 'signal'>,
): Promise<void> {
	const patience = () =>
		say('the installation has to end first (Ctrl-C again leaves it to itself)');
	if (process.getuid?.() === 0) signal.addEventListener('abort', patience, { once: true });
	try {
		await ensurePrograms(programs, purpose, say, signal);
	} catch (error) {
		if (!(error instanceof MissingPrograms)) throw error;
		throw new SetupError(`${error.message}\n\n${dockerAdvice(error.programs)}`);
	} finally {
		signal.removeEventListener('abort', patience);
	}
	signal.throwIfAborted();
}
