import { dockerAdvice } from '../services/advice.ts';
import { ensurePrograms, MissingPrograms, type ProgramName } from '../services/programs.ts';
import { SetupError } from '../services/setup-error.ts';
import type { Run } from './run.ts';

/** Makes sure that the service programs are there; where they cannot be had, the error tells every way out. */
export async function ensureInstalled(
	programs: readonly ProgramName[],
	purpose: string,
	{ say, signal }: Pick<Run, 'say' | 'signal'>,
): Promise<void> {
	const patience = () =>
		say('the installation has to end first (Ctrl-C again leaves it to itself)');
	signal.addEventListener('abort', patience, { once: true });
	try {
		await ensurePrograms(programs, purpose, say);
	} catch (error) {
		if (!(error instanceof MissingPrograms)) throw error;
		throw new SetupError(`${error.message}\n\n${dockerAdvice(error.programs)}`);
	} finally {
		signal.removeEventListener('abort', patience);
	}
	signal.throwIfAborted();
}
