import { openQueue, openStores } from '../platform/open.ts';
import { openProbes } from '../platform/probes.ts';
import { runService } from '../platform/service.ts';
import { metricsPorts } from '../platform/settings.ts';
import { openChains } from './chains.ts';
import { openServer } from './open.ts';

await runService('server', async (service) => {
	const { config, stack } = service;
	const stores = await openStores(service);
	const { queue, checks: ofQueue } = await openQueue(service, stores.emit);
	const leaving = new AbortController();
	const server = async () => leaving.signal.throwIfAborted();
	const checks = { ...stores.checks, ...ofQueue, server };
	const port = config.METRICS_PORT ?? metricsPorts.server;
	const at = { name: 'server', host: config.METRICS_HOST, port };
	const probes = await openProbes(at, service.metrics, checks);
	stack.defer(() => probes.close());
	const chains = await openChains(config, stores);
	stack.defer(() => chains.close());
	const open = await openServer(service, stores, { queue, chains }, checks);
	stack.defer(() => open.close());
	// First of all, so that no balancer sends anybody here any more.
	stack.defer(() => leaving.abort());
	if (config.TEST_OPERATIONS) {
		service.log.warn('TEST_OPERATIONS is on: whoever asks may write log lines, errors and waits');
	}
	service.log.info('serving', { port: open.port, metricsPort: probes.port });
});
