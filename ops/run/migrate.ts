import { describeExit } from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';
import type { StartChild } from './children.ts';
import { childEnvironment, type ServiceUrls } from './settings.ts';

/** Brings the database's tables up to date; throws when that fails. */
export async function migrate(
	urls: ServiceUrls,
	startChild: StartChild,
	signal: AbortSignal,
): Promise<void> {
	const env = childEnvironment(process.env, urls);
	const child = await startChild('migrate', ['ops/migrate.ts'], env);
	const end = () => child.stop(2_000);
	signal.addEventListener('abort', end, { once: true });
	const exit = await child.exited;
	signal.throwIfAborted();
	signal.removeEventListener('abort', end);
	if (exit.code !== 0) {
		throw new SetupError(`the migration ${describeExit(exit)}; what it said is above`);
	}
}
