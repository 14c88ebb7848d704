import { passwordOf, portOf, privateFolder } from './folder.ts';
import { signalGroup } from './processes.ts';
import { type ErlangCall, startEpmd, startRabbitmqNode } from './rabbitmq-node.ts';
import { endEarlier, type RunningService } from './service.ts';

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
