import { once } from 'node:events';
import WebSocket from 'ws';
import { metric } from './metrics.ts';
import type { ServerProcess } from './system.ts';

/** What a server has to be started with, for `memoryOf`. */
export const inspected = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

export interface Memory {
	/** What is in use after a garbage collection, in and out of JavaScript's heap. */
	used: number;
	resident: number;
}

/** Bytes, as a process reports in its own metrics once its garbage has been collected. */
export async function memoryOf(server: ServerProcess): Promise<Memory> {
	await collectGarbage(server);
	const heap = await metric(server, 'nodejs_heap_size_used_bytes');
	const external = await metric(server, 'nodejs_external_memory_bytes');
	return {
		used: heap + external,
		resident: await metric(server, 'process_resident_memory_bytes'),
	};
}

async function collectGarbage(server: ServerProcess): Promise<void> {
	const [url] = /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(server.output()) ?? [];
	if (!url) throw new Error('the process was not started with an inspector');
	const inspector = new WebSocket(url);
	await once(inspector, 'open');
	// Twice: what the first one finalizes, the second one frees.
	for (const id of [1, 2]) {
		inspector.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
		await once(inspector, 'message');
	}
	inspector.close();
	await once(inspector, 'close');
}
