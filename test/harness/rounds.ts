import { createRounds, type Rounds } from '../../domain/rounds.ts';

/** In which nobody is ever found to have missed something. */
export function noRounds(): Rounds {
	return createRounds({ store: { readVersions: async () => [] }, emit() {} }, 1e9);
}
