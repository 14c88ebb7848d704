import type { Context } from '../domain/context.ts';
import type { ContractKey, StatusEvent } from '../domain/contract.ts';
import type { Asker } from '../domain/line.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one operation work with. All but the loaders and the subscription is the same for every one. */
export interface OperationContext
	extends Pick<Context, 'store' | 'sources' | 'queue' | 'cache' | 'feed' | 'emit'>,
		Pick<Context, 'chains' | 'backlog' | 'fills' | 'reads' | 'graceMs' | 'notVerifiedMs'> {
	/** Who sent the operation. */
	asker: Asker;
	/** The one that the operation may open, of `server/subscription.ts`. */
	subscription: {
		follow(key: ContractKey, afterVersion: number | null): AsyncIterable<StatusEvent>;
		followMany(keys: readonly ContractKey[]): AsyncIterable<StatusEvent>;
	};
	/** Whether its client may submit: a page of another origin may not. */
	mayChange: boolean;
	/** Made when they are first asked for: many operations need none. */
	loaders(): Loaders;
}
