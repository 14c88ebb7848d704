import type { Context } from '../domain/context.ts';
import type { Follow } from '../domain/follow.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one operation work with. All but the loaders and the streams is the same for every one. */
export interface OperationContext
	extends Pick<Context, 'store' | 'sources' | 'queue' | 'cache' | 'feed' | 'emit'>,
		Pick<Context, 'chains' | 'backlog' | 'fills' | 'graceMs' | 'notVerifiedMs'> {
	follow: Follow;
	loaders: Loaders;
}
