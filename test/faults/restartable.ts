import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningService } from '../../ops/services/service.ts';

/** A service that can be ended and started again on the same port and data. */
export interface Restartable<S extends RunningService> {
	readonly current: S;
	/** Ends it by SIGTERM, or at once, lets it be away for a while, and resolves when it serves again. */
	restart(how: 'SIGTERM' | 'SIGKILL', awayMs: number, meanwhile?: () => void): Promise<void>;
	stop(): Promise<void>;
}

export async function startRestartable<S extends RunningService>(
	start: () => Promise<S>,
): Promise<Restartable<S>> {
	let current = await start();
	return {
		get current() {
			return current;
		},
		async restart(how, awayMs, meanwhile) {
			if (how === 'SIGKILL') await current.kill('SIGKILL');
			else await current.stop();
			meanwhile?.();
			await sleep(awayMs);
			current = await start();
		},
		stop: () => current.stop(),
	};
}
