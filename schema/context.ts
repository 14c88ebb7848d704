import type { ReadContract } from '../domain/cached-contract.ts';
import type { Chains } from '../domain/chain.ts';
import type { ContractKey, StatusEvent } from '../domain/contract.ts';
import type { ContractStore } from '../domain/ports.ts';
import type { SubmitAsked } from '../domain/submit-asked.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers work with. All but the loaders is the same for every operation. */
export interface Verbs {
	store: Pick<ContractStore, 'list'>;
	readContract: ReadContract;
	cachedContract: ReadContract;
	submit: SubmitAsked;
	chains: Chains;
	emit: Emit;
}

export interface Context extends Verbs {
	/** The one that the operation may open, in `server/subscription.ts`. */
	subscription: {
		follow(key: ContractKey, afterVersion: number | null): AsyncIterable<StatusEvent>;
		followMany(keys: readonly ContractKey[]): AsyncIterable<StatusEvent>;
	};
	loaders: Loaders;
}
