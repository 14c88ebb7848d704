import type { Address } from '../domain/address.ts';
import type { ContractKey } from '../domain/contract.ts';
import { builder } from './builder.ts';

export const keyArgs = builder.args((t) => ({
	address: t.field({ type: 'Address', required: true }),
	chainId: t.int({ required: true, defaultValue: 1 }),
}));

export const keysArgs = builder.args((t) => ({
	addresses: t.field({ type: ['Address'], required: true }),
	chainId: t.int({ required: true, defaultValue: 1 }),
}));

/** In the order asked. */
export function keysOf(args: { addresses: readonly Address[]; chainId: number }): ContractKey[] {
	return args.addresses.map((address) => ({ chainId: args.chainId, address }));
}
