import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { passwordOf, portOf, privateFolder, writePrivate } from './folder.ts';
import { accepts } from './ports.ts';
import { type Started, signalGroup, startProcess } from './processes.ts';
import { findProgram } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';
import { SetupError } from './setup-error.ts';
import { environmentOf } from './unpacked.ts';

export type RabbitmqOptions = { port?: number; signal?: AbortSignal };
export type RunningRabbitmq = RunningService & {
	/** Of the management plug-in's HTTP API and pages, with the credentials: never to be printed. */
	managementUrl: string;
	/** Of its Prometheus plug-in, host and port; anybody on this machine may ask it. */
	metricsAddress: string;
};

/** Starts a private RabbitMQ with its management and Prometheus plug-ins, and an epmd of its own that ends with it. */
export async function startRabbitmq(
	folder: string,
	options: RabbitmqOptions = {},
): Promise<RunningRabbitmq> {
	privateFolder(folder);
	await endEarlier(folder);
	const password = passwordOf(folder);
	passwordOf(folder, '.erlang.cookie');
	const management = await portOf(folder, 'management-port');
	const metrics = await portOf(folder, 'metrics-port');
	const ports = {
		amqp: await portOf(folder, 'port', options.port),
		epmd: await portOf(folder, 'epmd-port'),
		distribution: await portOf(folder, 'distribution-port'),
	};
	const epmd = await startEpmd(folder, ports.epmd);
	const service = await startRabbitmqNode({
		folder,
		name: 'verifeed@localhost',
		ports,
		password,
		settings: [
			...['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${management}`],
			...['prometheus.tcp.ip = 127.0.0.1', `prometheus.tcp.port = ${metrics}`],
			'prometheus.return_per_object_metrics = false',
		],
		plugins: ['rabbitmq_management', 'rabbitmq_prometheus'],
		beforeStop: removeStatistics,
		companion: epmd,
		signal: options.signal,
	}).catch((error) => {
		signalGroup(epmd.pid, 'SIGKILL');
		throw error;
	});
	const managementUrl = `http://verifeed:${password}@127.0.0.1:${management}`;
	return { ...service, managementUrl, metricsAddress: `127.0.0.1:${metrics}` };
}

/**
 * The management plug-in's statistics collector, when RabbitMQ stops, waits 5 s for a process that is waiting for
 * the collector. Taken out beforehand, it does not.
 */
async function removeStatistics(call: ErlangCall): Promise<void> {
	await call('gen_event:delete_handler(rabbit_event, rabbit_mgmt_db_handler, [])');
}

export type NodePlan = {
	/** With its cookie in it already. */
	folder: string;
	/** Not the machine's own name: the data is filed under it, and a laptop's changes. */
	name: `${string}@localhost`;
	ports: { amqp: number; distribution: number; epmd: number };
	password: string;
	/** Lines of rabbitmq.conf besides those that every node has. */
	settings: readonly string[];
	plugins: readonly string[];
	beforeStop?(call: ErlangCall): Promise<void>;
	companion?: Started;
	signal?: AbortSignal | undefined;
};

/** Evaluates an Erlang expression in the node, and gives back its value as Erlang writes it. */
export type ErlangCall = (expression: string) => Promise<string>;

export type RunningNode = RunningService & { call: ErlangCall };

/** Starts one node of RabbitMQ; its epmd has to run already, or it would start one and leave it behind. */
export async function startRabbitmqNode(plan: NodePlan): Promise<RunningNode> {
	const { folder, name, ports, password } = plan;
	writePrivate(folder, 'rabbitmq.conf', configuration(plan));
	writePrivate(folder, 'enabled_plugins', `[${plan.plugins.join(',')}].\n`);
	// Present and empty, so that the system's own settings in /etc/rabbitmq are not read instead.
	writePrivate(folder, 'rabbitmq-env.conf', '');
	writePrivate(folder, 'advanced.config', '[].\n');
	const env = { ...process.env, ...environment(plan) };
	const url = `amqp://verifeed:${password}@127.0.0.1:${ports.amqp}`;
	const callIn = (pid: number) => (text: string) => evaluate(pid, name, text, folder, env);
	const service = await startService({
		name: 'RabbitMQ',
		folder,
		url,
		command: findProgram('rabbitmq-server') ?? 'rabbitmq-server',
		args: [],
		env,
		ping: () => pingRabbitmq(url),
		stopWithinMs: 10_000,
		beforeStop: async (pid) => plan.beforeStop?.(callIn(pid)),
		signal: plan.signal,
		...(plan.companion && { companion: plan.companion }),
	});
	return { ...service, call: callIn(service.pid) };
}

function configuration({ ports, password, settings }: NodePlan): string {
	const lines = [
		`listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
		'default_user = verifeed',
		`default_pass = ${password}`,
		'default_user_tags.administrator = true',
		'disk_free_limit.absolute = 50MB',
		'log.console = true',
		'log.console.level = info',
		'log.file = false',
		...settings,
	];
	return `${lines.join('\n')}\n`;
}

/** Relative paths are short and free of the clone's own name; the server works in its folder. */
function environment({ folder, name, ports }: NodePlan): NodeJS.ProcessEnv {
	return {
		HOME: resolve(folder),
		RABBITMQ_NODENAME: name,
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
		// Its schedulers need not wait busily, which costs a small machine more than it saves.
		RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
			'-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
		// The start script then becomes the server instead of staying in front of it.
		RUNNING_UNDER_SYSTEMD: 'true',
		ERL_EPMD_PORT: String(ports.epmd),
		ERL_EPMD_ADDRESS: '127.0.0.1',
		ERL_CRASH_DUMP: './erl_crash.dump',
	};
}

/** The register of Erlang nodes, on a port of its own. */
export async function startEpmd(folder: string, port: number): Promise<Started> {
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

async function evaluate(
	pid: number,
	name: string,
	expression: string,
	folder: string,
	env: NodeJS.ProcessEnv,
): Promise<string> {
	// Erlang's own tool for this lies beside the running program; it reads the cookie from HOME.
	const tool = join(dirname(await readlink(`/proc/${pid}/exe`)), 'erl_call');
	const options = { cwd: folder, env: environmentOf(tool, env), timeout: 60_000 };
	const running = promisify(execFile)(tool, ['-sname', name, '-e'], options);
	running.child.stdin?.end(`${expression}.\n`);
	return (await running).stdout;
}

async function pingRabbitmq(url: string): Promise<void> {
	const connection = await connect(url, { timeout: 5_000 });
	await connection.close();
}
