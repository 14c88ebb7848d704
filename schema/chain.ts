import type { Chain as ChainShape } from '../domain/chain.ts';
import { builder } from './builder.ts';

const Chain = builder.objectRef<ChainShape>('Chain').implement({
	fields: (t) => ({
		id: t.exposeInt('id'),
		name: t.exposeString('name'),
		explorerUrl: t.exposeString('explorerUrl', { nullable: true }),
	}),
});

builder.queryField('chains', (t) =>
	t.field({ type: [Chain], resolve: (_, _args, { chains }) => [...chains.list()] }),
);
