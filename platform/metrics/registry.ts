import { collectDefaultMetrics, Gauge, type OpenMetricsContentType, Registry } from 'prom-client';
import type { Config } from '../config.ts';

/** What a process shows at /metrics, as OpenMetrics: the older format has no exemplars. */
export type Metrics = Registry<OpenMetricsContentType>;

/** The processes that there are. */
export type Part = 'server' | 'worker' | 'warmup';

/** One registry for each process, with what Node.js says of itself. */
export function openMetrics(
	service: string,
	config: Pick<Config, 'APP_VERSION' | 'APP_COMMIT'>,
): Metrics {
	const registry: Metrics = new Registry();
	registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
	registry.setDefaultLabels({ service });
	collectDefaultMetrics({
		register: registry,
		eventLoopMonitoringPrecision: 10,
		gcDurationBuckets: [0.01, 0.1, 1],
	});
	new Gauge({
		name: 'app_build_info',
		help: 'Always 1, with what is running as its labels',
		labelNames: ['version', 'commit'],
		registers: [registry],
	}).set({ version: config.APP_VERSION, commit: config.APP_COMMIT }, 1);
	return registry;
}
