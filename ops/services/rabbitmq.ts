import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { accepts, passwordOf, portOf, privateFolder, writePrivate } from './folder.ts';
import { type Started, signalGroup, startProcess } from './processes.ts';
import { findProgram } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';
import { SetupError } from './setup-error.ts';

export type RabbitmqOptions = { port?: number; signal?: AbortSignal };
export type RunningRabbitmq = RunningService & {
	/** Of the management plug-in's HTTP API and pages, with the credentials: never to be printed. */
	managementUrl: string;
};

// Not the machine's own name: the data is filed under it, and a laptop's changes.
const nodeName = 'verifeed@localhost';

type Ports = { amqp: number; management: number; epmd: number; distribution: number };

/** Starts a private RabbitMQ with its management plug-in, and an epmd of its own that ends with it. */
export async function startRabbitmq(
	folder: string,
	options: RabbitmqOptions = {},
): Promise<RunningRabbitmq> {
	privateFolder(folder);
	await endEarlier(folder);
	const password = passwordOf(folder);
	passwordOf(folder, '.erlang.cookie');
	const ports: Ports = {
		amqp: await portOf(folder, 'port', options.port),
		management: await portOf(folder, 'management-port'),
		epmd: await portOf(folder, 'epmd-port'),
		distribution: await portOf(folder, 'distribution-port'),
	};
	writePrivate(folder, 'rabbitmq.conf', configuration(ports, password));
	writePrivate(folder, 'enabled_plugins', '[rabbitmq_management].\n');
	// Present and empty, so that the system's own settings in /etc/rabbitmq are not read instead.
	writePrivate(folder, 'rabbitmq-env.conf', '');
	writePrivate(folder, 'advanced.config', '[].\n');
	const env = { ...process.env, ...environment(folder, ports) };
	const url = `amqp://verifeed:${password}@127.0.0.1:${ports.amqp}`;
	const epmd = await startEpmd(folder, ports.epmd);
	const service = await startService({
		name: 'RabbitMQ',
		folder,
		url,
		command: findProgram('rabbitmq-server') ?? 'rabbitmq-server',
		args: [],
		env,
		ping: () => pingRabbitmq(url),
		stopWithinMs: 10_000,
		beforeStop: (pid) => removeStatistics(pid, folder, env),
		signal: options.signal,
		companion: epmd,
	}).catch((error) => {
		signalGroup(epmd.pid, 'SIGKILL');
		throw error;
	});
	const managementUrl = `http://verifeed:${password}@127.0.0.1:${ports.management}`;
	return { ...service, managementUrl };
}

function configuration(ports: Ports, password: string): string {
	const lines = [
		`listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
		'management.tcp.ip = 127.0.0.1',
		`management.tcp.port = ${ports.management}`,
		'default_user = verifeed',
		`default_pass = ${password}`,
		'default_user_tags.administrator = true',
		'disk_free_limit.absolute = 50MB',
		'log.console = true',
		'log.console.level = info',
		'log.file = false',
	];
	return `${lines.join('\n')}\n`;
}

/** Relative paths are short and free of the clone's own name; the server works in its folder. */
function environment(folder: string, ports: Ports): NodeJS.ProcessEnv {
	return {
		HOME: resolve(folder),
		RABBITMQ_NODENAME: nodeName,
		RABBITMQ_CONF_ENV_FILE: './rabbitmq-env.conf',
		RABBITMQ_CONFIG_FILE: './rabbitmq.conf',
		RABBITMQ_ADVANCED_CONFIG_FILE: './advanced.config',
		RABBITMQ_ENABLED_PLUGINS_FILE: './enabled_plugins',
		RABBITMQ_MNESIA_BASE: './data',
		RABBITMQ_LOG_BASE: './log',
		RABBITMQ_SCHEMA_DIR: './schema',
		RABBITMQ_GENERATED_CONFIG_DIR: './generated',
		RABBITMQ_PID_FILE: './rabbitmq.pid',
		RABBITMQ_DIST_PORT: String(ports.distribution),
		RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
		// The start script then becomes the server instead of staying in front of it.
		RUNNING_UNDER_SYSTEMD: 'true',
		ERL_EPMD_PORT: String(ports.epmd),
		ERL_EPMD_ADDRESS: '127.0.0.1',
		ERL_CRASH_DUMP: './erl_crash.dump',
	};
}

/** RabbitMQ would start an epmd itself and leave it behind. */
async function startEpmd(folder: string, port: number): Promise<Started> {
	const log = openSync(join(folder, 'epmd.log'), 'a', 0o600);
	const args = ['-address', '127.0.0.1', '-port', String(port)];
	const epmd = await startProcess(findProgram('epmd') ?? 'epmd', args, {
		cwd: folder,
		stdio: ['ignore', log, log],
	}).finally(() => closeSync(log));
	while (!(await accepts(port))) {
		const ended = await Promise.race([epmd.exited, sleep(20)]);
		if (ended) throw new SetupError(`epmd did not start; see ${resolve(folder, 'epmd.log')}`);
	}
	return epmd;
}

/**
 * The management plug-in's statistics collector, when RabbitMQ stops, waits 5 s for a process that is waiting for
 * the collector. Taken out beforehand, it does not.
 */
async function removeStatistics(
	pid: number,
	folder: string,
	env: NodeJS.ProcessEnv,
): Promise<void> {
	// Erlang's own tool for this lies beside the running program; it reads the cookie from HOME.
	const tool = join(dirname(await readlink(`/proc/${pid}/exe`)), 'erl_call');
	const call = 'gen_event delete_handler [rabbit_event,rabbit_mgmt_db_handler,[]]';
	const args = ['-sname', nodeName, '-a', call];
	await promisify(execFile)(tool, args, { cwd: folder, env, timeout: 1_000 });
}

async function pingRabbitmq(url: string): Promise<void> {
	const connection = await connect(url, { timeout: 5_000 });
	await connection.close();
}
