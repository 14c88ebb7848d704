import type { Address } from './address.ts';
import { type Chains, requireChain } from './chain.ts';
import type { ContractKey } from './contract.ts';
import { badInput } from './errors.ts';

const mostAddresses = 100;

/** Throws a `BAD_USER_INPUT` for a chain that is not served. */
export function readKey(
	{ address, chainId }: { address: Address; chainId: number },
	chains: Chains,
): ContractKey {
	requireChain(chains, chainId);
	return { chainId, address };
}

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
