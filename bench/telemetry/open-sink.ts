import { startProcess } from '../../test/harness/process.ts';
import type { SinkMode } from './sink-mode.ts';

/** Starts what stands for Loki and Tempo. */
export async function openSink(mode: SinkMode): Promise<{ url: string } & AsyncDisposable> {
	const sink = startProcess('bench/telemetry/sink.ts', { SINK_MODE: mode });
	const { port } = await sink.logged(({ message }) => message === 'taking');
	return {
		url: `http://127.0.0.1:${port}`,
		async [Symbol.asyncDispose]() {
			await sink.stop();
		},
	};
}
