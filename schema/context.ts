import type { ReadContract } from '../domain/cached-contract.ts';
import type { Chains } from '../domain/chain.ts';
import type { Follow } from '../domain/follow.ts';
import type { ContractStore } from '../domain/ports.ts';
import type { SubmitAsked } from '../domain/submit-asked.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers work with. All but the loaders is the same for every operation. */
export interface Verbs {
	store: Pick<ContractStore, 'listContracts'>;
	readContract: ReadContract;
	cachedContract: ReadContract;
	submit: SubmitAsked;
	follow: Follow;
	chains: Chains;
	emit: Emit;
}

export interface Context extends Verbs {
	loaders: Loaders;
}
