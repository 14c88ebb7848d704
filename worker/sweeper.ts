import type { Sweep } from '../domain/sweep.ts';
import type { Emit } from '../domain/telemetry.ts';
import { pause } from '../domain/wait.ts';

/** Sweeps again and again, at once while there is more to do, until it is stopped. */
export function startSweeper(
	sweep: Sweep,
	intervalMs: number,
	emit: Emit,
): { stop(): Promise<void> } {
	const stopped = new AbortController();

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			const more = await sweep().catch((error) => {
				emit({ type: 'sweep.failed', error });
				return false;
			});
			if (!more) await pause(intervalMs, stopped.signal);
		}
	}

	const ended = run();
	return {
		async stop() {
			stopped.abort();
			await ended;
		},
	};
}
