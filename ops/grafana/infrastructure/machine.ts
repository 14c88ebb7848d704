import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, rate, series } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import * as units from '../build/units.ts';
import { usage } from '../build/usage.ts';

const each = { by: ['instance'] } as const;
const devices = { by: ['device'], where: { device: '!~lo|veth.*|br-.*|docker.*' } } as const;

export const machine: Row = {
	title: 'Machine',
	panels: [
		lines({
			title: 'CPU',
			bad: 'above 85 % for minutes; iowait: it waits for its disk.',
			next: 'CPU of the processes; pressure beside.',
			width: 6,
			unit: units.share,
			max: 1,
			queries: [
				over(usage.cpu, 'used {{instance}}'),
				over(
					`avg by (mode) (rate(${series('node_cpu_seconds_total', { mode: '=~iowait|steal' })}[$__rate_interval]))`,
					'{{mode}}',
				),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Load for each processor',
			bad: 'above 1 for minutes: work waits for a processor.',
			next: 'fewer workers here, or more processors.',
			width: 6,
			unit: units.count,
			limits: { watch: 1 },
			queries: [
				over(
					`${level('max', 'node_load1', each)} / on (instance) count by (instance) (${series('node_cpu_seconds_total', { mode: 'idle' })})`,
					'{{instance}}',
				),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Pressure',
			shows: 'The share of time in which something waited for it. Stalled: everything waited.',
			bad: 'io or memory stalled above 10 %.',
			next: 'memory: the largest process; io: the disk beside.',
			width: 6,
			unit: units.share,
			queries: [
				over(rate('node_pressure_cpu_waiting_seconds_total'), 'cpu waiting'),
				over(rate('node_pressure_io_waiting_seconds_total'), 'io waiting'),
				over(rate('node_pressure_io_stalled_seconds_total'), 'io stalled'),
				over(rate('node_pressure_memory_waiting_seconds_total'), 'memory waiting'),
				over(rate('node_pressure_memory_stalled_seconds_total'), 'memory stalled'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Memory',
			bad: 'available near nought, or a process killed for want of memory.',
			next: 'the largest process; its limits.',
			width: 6,
			unit: units.bytes,
			queries: [
				over(level('min', 'node_memory_MemAvailable_bytes', each), 'available {{instance}}'),
				over(level('max', 'node_memory_MemTotal_bytes', each), 'total {{instance}}'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Disk space used',
			bad: 'a line that will reach 1 within a day.',
			next: 'clean up, or extend it.',
			width: 6,
			unit: units.share,
			max: 1,
			limits: { watch: 0.8, act: 0.92 },
			queries: [over(`max by (mountpoint) (${usage.disk})`, '{{mountpoint}}')],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Disk busy',
			shows: 'The share of time in which the disk had work; 1 is always.',
			bad: 'near 1 while pressure (io) is high.',
			next: 'who writes? MySQL, RabbitMQ, Prometheus and Loki do.',
			width: 6,
			unit: units.share,
			queries: [over(rate('node_disk_io_time_seconds_total', { by: ['device'] }), '{{device}}')],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Disk read and written',
			bad: 'a step up without more traffic.',
			next: 'compare with slow queries and with the broker.',
			width: 6,
			unit: units.bytesPerSecond,
			queries: [
				over(rate('node_disk_read_bytes_total', { by: ['device'] }), 'read {{device}}'),
				over(rate('node_disk_written_bytes_total', { by: ['device'] }), 'written {{device}}'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Network, and kills for want of memory',
			bad: 'errors or kills at all.',
			next: 'kills: the kernel log names the process; errors: the interface.',
			width: 6,
			unit: units.bytesPerSecond,
			queries: [
				over(rate('node_network_receive_bytes_total', devices), 'in {{device}}'),
				over(rate('node_network_transmit_bytes_total', devices), 'out {{device}}'),
				over(
					`${rate('node_network_receive_errs_total')} + ${rate('node_network_transmit_errs_total')}`,
					'errors/s',
				),
				over(rate('node_vmstat_oom_kill'), 'kills/s'),
			],
			links: [toBoard('overview')],
		}),
	],
};
