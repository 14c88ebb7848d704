import { type CatalogueEntry, contractKey } from './catalogue.ts';
import { type EtherscanItem, toItem, unverifiedItem } from './item.ts';
import { loadContract } from './load.ts';

/** The contracts that have source code; each is read from its package when it is first asked for. */
export interface Library {
	/** The unverified item for every address that is not here. */
	find(chainId: string, address: string): Promise<EtherscanItem>;
	/** Adds or replaces a contract; what is not given is as in an unverified item. */
	put(chainId: number, address: string, item: Partial<EtherscanItem>): void;
}

export function openLibrary(entries: readonly CatalogueEntry[]): Library {
	const known = new Map(entries.map((entry) => [contractKey(entry.chainId, entry.address), entry]));
	const items = new Map<string, Promise<EtherscanItem>>();

	return {
		find(chainId, address) {
			const key = contractKey(chainId, address);
			const entry = known.get(key);
			const item =
				items.get(key) ??
				(entry
					? loadContract(entry).then((contract) => toItem(entry, contract))
					: Promise.resolve(unverifiedItem));
			if (entry) items.set(key, item);
			return item;
		},
		put(chainId, address, item) {
			const whole = { ...unverifiedItem, ABI: '[]', ...item };
			items.set(contractKey(chainId, address), Promise.resolve(whole));
		},
	};
}
