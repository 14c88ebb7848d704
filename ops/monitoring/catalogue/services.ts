import { counter, gauge } from './metric.ts';

/** rabbitmq_prometheus, `/metrics`: sums over the broker. */
export const rabbitmqMetrics = {
	rabbitmq_process_resident_memory_bytes: gauge(),
	rabbitmq_resident_memory_limit_bytes: gauge(),
	rabbitmq_disk_space_available_bytes: gauge(),
	rabbitmq_disk_space_available_limit_bytes: gauge(),
	rabbitmq_process_open_fds: gauge(),
	rabbitmq_process_max_fds: gauge(),
	rabbitmq_connections: gauge(),
	rabbitmq_channels: gauge(),
	rabbitmq_consumer_prefetch: gauge(),
	rabbitmq_alarms_memory_used_watermark: gauge(),
	rabbitmq_alarms_free_disk_space_watermark: gauge(),
	rabbitmq_alarms_file_descriptor_limit: gauge(),
	rabbitmq_global_messages_received_total: counter('protocol'),
	rabbitmq_global_messages_acknowledged_total: counter('protocol', 'queue_type'),
	rabbitmq_global_messages_redelivered_total: counter('protocol', 'queue_type'),
	rabbitmq_global_messages_unroutable_dropped_total: counter('protocol'),
	rabbitmq_global_messages_unroutable_returned_total: counter('protocol'),
} as const;

/** rabbitmq_prometheus, `/metrics/detailed` with queue_coarse_metrics and queue_consumer_count. */
export const queueMetrics = {
	rabbitmq_detailed_queue_messages: gauge('vhost', 'queue'),
	rabbitmq_detailed_queue_messages_ready: gauge('vhost', 'queue'),
	rabbitmq_detailed_queue_messages_unacked: gauge('vhost', 'queue'),
	rabbitmq_detailed_queue_consumers: gauge('vhost', 'queue'),
} as const;

/** mysqld_exporter. */
export const mysqlMetrics = {
	mysql_up: gauge(),
	mysql_global_status_threads_running: gauge(),
	mysql_global_status_threads_connected: gauge(),
	mysql_global_variables_max_connections: gauge(),
	mysql_global_status_queries: counter(),
	mysql_global_status_slow_queries: counter(),
	mysql_global_status_innodb_buffer_pool_reads: counter(),
	mysql_global_status_innodb_buffer_pool_read_requests: counter(),
	mysql_global_status_innodb_row_lock_waits: counter(),
	mysql_global_status_aborted_connects: counter(),
	mysql_global_status_aborted_clients: counter(),
} as const;

/** redis_exporter; the latencies need Redis 7. */
export const redisMetrics = {
	redis_up: gauge(),
	redis_memory_used_bytes: gauge(),
	redis_memory_max_bytes: gauge(),
	redis_db_keys: gauge('db'),
	redis_evicted_keys_total: counter(),
	redis_expired_keys_total: counter(),
	redis_keyspace_hits_total: counter(),
	redis_keyspace_misses_total: counter(),
	redis_commands_processed_total: counter(),
	redis_latency_percentiles_usec: gauge('cmd', 'quantile'),
	redis_connected_clients: gauge(),
	redis_blocked_clients: gauge(),
	redis_rejected_connections_total: counter(),
	redis_pubsub_channels: gauge(),
} as const;
