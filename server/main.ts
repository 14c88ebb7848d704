import { openQueue, openStores } from '../platform/open.ts';
import { openProbes } from '../platform/probes.ts';
import { runService } from '../platform/service.ts';
import { openChains } from './chains.ts';
import { openServer } from './open.ts';

await runService('server', async (service) => {
	const { config, stack } = service;
	const stores = await openStores('server', service);
	const queue = await openQueue(service, stores.reporter);
	const checks = { ...stores.checks, ...queue.checks };
	const at = { host: config.HTTP_HOST, port: config.METRICS_PORT ?? 9464 };
	const probes = await openProbes(at, stores.registry, checks);
	stack.defer(() => probes.close());
	const chains = await openChains(config, stores);
	stack.defer(() => chains.close());
	const server = await openServer(config, { ...stores, chains }, queue.queue, checks);
	stack.defer(() => server.close());
	service.log.info('serving', { port: server.port, metricsPort: probes.port });
});
