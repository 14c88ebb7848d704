import type { ReadContract } from '../domain/cached-contract.ts';
import type { Chains } from '../domain/chain.ts';
import type { Follow } from '../domain/follow.ts';
import type { ContractStore } from '../domain/ports.ts';
import type { Submit } from '../domain/submit.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers work with. All but the loaders is the same for every operation. */
export interface Verbs {
	store: Pick<ContractStore, 'read' | 'list'>;
	cachedContract: ReadContract;
	submit: Submit;
	follow: Follow;
	chains: Chains;
}

export interface Context extends Verbs {
	loaders: Loaders;
}
