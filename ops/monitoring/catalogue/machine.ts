import { counter, gauge } from './metric.ts';

/** node_exporter. */
export const nodeMetrics = {
	node_cpu_seconds_total: counter('cpu', 'mode'),
	node_load1: gauge(),
	node_pressure_cpu_waiting_seconds_total: counter(),
	node_pressure_io_waiting_seconds_total: counter(),
	node_pressure_io_stalled_seconds_total: counter(),
	node_pressure_memory_waiting_seconds_total: counter(),
	node_pressure_memory_stalled_seconds_total: counter(),
	node_memory_MemAvailable_bytes: gauge(),
	node_memory_MemTotal_bytes: gauge(),
	node_vmstat_oom_kill: counter(),
	node_filesystem_avail_bytes: gauge('device', 'mountpoint', 'fstype'),
	node_filesystem_size_bytes: gauge('device', 'mountpoint', 'fstype'),
	node_filesystem_readonly: gauge('device', 'mountpoint', 'fstype'),
	node_disk_io_time_seconds_total: counter('device'),
	node_disk_read_bytes_total: counter('device'),
	node_disk_written_bytes_total: counter('device'),
	node_network_receive_bytes_total: counter('device'),
	node_network_transmit_bytes_total: counter('device'),
	node_network_receive_errs_total: counter('device'),
	node_network_transmit_errs_total: counter('device'),
} as const;
