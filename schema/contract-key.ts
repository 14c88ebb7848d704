import type { Address } from '../domain/address.ts';
import { type Chains, requireChain } from '../domain/chain.ts';
import type { ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';

export const keyArgs = builder.args((t) => ({
	address: t.field({ type: 'Address', required: true }),
	chainId: t.int({ required: true, defaultValue: 1 }),
}));

export const keysArgs = builder.args((t) => ({
	addresses: t.field({ type: ['Address'], required: true }),
	chainId: t.int({ required: true, defaultValue: 1 }),
}));

/** Throws a `BAD_USER_INPUT` for a chain that is not served. */
export function readKey(
	{ address, chainId }: { address: Address; chainId: number },
	chains: Chains,
): ContractKey {
	requireChain(chains, chainId);
	return { chainId, address };
}

const mostAddresses = 100;

/** As `readKey`, for 1 to 100 addresses. */
export function readKeys(
	{ addresses, chainId }: { addresses: readonly Address[]; chainId: number },
	chains: Chains,
): ContractKey[] {
	requireChain(chains, chainId);
	if (addresses.length === 0 || addresses.length > mostAddresses) {
		throw badInput(
			`1 to ${mostAddresses} addresses can be asked for at once; these are ${addresses.length}. Split them into several requests.`,
		);
	}
	return addresses.map((address) => ({ chainId, address }));
}
