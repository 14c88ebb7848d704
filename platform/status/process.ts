import { known, type MakeSection, section } from './section.ts';
import { duration, megabytes, number } from './words.ts';

/** How the process itself is. */
export const self: MakeSection = (reading) =>
	section('Process', [
		known(reading, 'process_resident_memory_bytes', () => {
			const heap = megabytes(reading.sum('nodejs_heap_size_used_bytes'));
			const value = `${megabytes(reading.sum('process_resident_memory_bytes'))}, ${heap} of it JavaScript's`;
			return { label: 'memory', value };
		}),
		known(reading, 'nodejs_eventloop_lag_p99_seconds', () => {
			const lag = reading.sum('nodejs_eventloop_lag_p99_seconds');
			if (lag === 0) return null;
			const value = `99 % within ${duration(lag)}, before the last scrape`;
			return { label: 'event loop', value };
		}),
		known(reading, 'process_open_fds', () => {
			const [open, most] = ['process_open_fds', 'process_max_fds'].map((name) => reading.sum(name));
			const value = `${number(open ?? 0)} of ${number(most ?? 0)}`;
			return { label: 'open files', value, bad: (open ?? 0) > 0.8 * (most ?? 0) };
		}),
	]);

/** Whether what is told of it arrives. */
export const telemetry: MakeSection = (reading) =>
	section('Telemetry', [
		known(reading, 'log_entries_total', () => {
			const errors = reading.sum('log_entries_total', { level: 'error' });
			return { label: 'errors logged, since the start', value: number(errors) };
		}),
		known(reading, 'log_buffer_entries', () => {
			const waiting = reading.sum('log_buffer_entries');
			const failing = reading.sum('log_delivery_failing') > 0;
			const value = `${number(waiting)}${failing ? '; the last attempt to send failed' : ''}`;
			return { label: 'log lines that wait for Loki', value, bad: failing || waiting > 5_000 };
		}),
		known(reading, 'log_entries_dropped_total', () => {
			const dropped = reading.sum('log_entries_dropped_total');
			return { label: 'log lines never sent, since the start', value: number(dropped) };
		}),
		known(reading, 'otel_spans_dropped_total', () => {
			const dropped = number(reading.sum('otel_spans_dropped_total'));
			const failing = reading.sum('otel_delivery_failing') > 0;
			const value = `${dropped}${failing ? '; the last attempt to send failed' : ''}`;
			return { label: 'spans never sent, since the start', value, bad: failing };
		}),
	]);
