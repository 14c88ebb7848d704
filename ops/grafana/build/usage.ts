import { level, orZero, rate, ratio, series } from './promql.ts';

/** How much of what there is, is used: 1 is all of it. */
export const usage = {
	cpu: `1 - avg by (instance) (rate(${series('node_cpu_seconds_total', { mode: 'idle' })}[$__rate_interval]))`,
	memory: `1 - ${series('node_memory_MemAvailable_bytes')} / ${series('node_memory_MemTotal_bytes')}`,
	disk: `1 - ${onDisks('node_filesystem_avail_bytes')} / ${onDisks('node_filesystem_size_bytes')}`,
	databaseConnections: `${series('mysql_global_status_threads_connected')} / ${series('mysql_global_variables_max_connections')}`,
	redisMemory: ratio(series('redis_memory_used_bytes'), series('redis_memory_max_bytes')),
	brokerMemory: `${series('rabbitmq_process_resident_memory_bytes')} / ${series('rabbitmq_resident_memory_limit_bytes')}`,
} as const;

function onDisks(name: 'node_filesystem_avail_bytes' | 'node_filesystem_size_bytes'): string {
	return series(name, { fstype: '!~tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*' });
}

/** Any of RabbitMQ's alarms: it takes no message while one rings. */
export const brokerAlarms = [
	level('max', 'rabbitmq_alarms_memory_used_watermark'),
	level('max', 'rabbitmq_alarms_free_disk_space_watermark'),
	// RabbitMQ 4 does not count its file descriptors any more.
	orZero(level('max', 'rabbitmq_alarms_file_descriptor_limit')),
].join(' + ');

/** Log lines and spans that were lost. */
export const telemetryLost = [
	orZero(rate('log_entries_dropped_total')),
	orZero(rate('otel_spans_dropped_total')),
].join(' + ');
