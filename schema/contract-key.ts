import { builder } from './builder.ts';

export const keyArgs = builder.args((t) => ({
	address: t.field({ type: 'Address', required: true }),
	chainId: t.int({ required: true, defaultValue: 1 }),
}));

export const keysArgs = builder.args((t) => ({
	addresses: t.field({ type: ['Address'], required: true }),
	chainId: t.int({ required: true, defaultValue: 1 }),
}));
