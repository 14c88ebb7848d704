import { type CatalogueEntry, contractKey } from './catalogue.ts';
import { loadContract } from './load.ts';
import type { LoadedContract } from './loaded-contract.ts';

/** The contracts that one API has, in that API's form. */
export interface EmulatedContracts<Item> {
	/** Read from its package when it is first asked for; undefined for one that is not here. */
	find(chainId: string, address: string): Promise<Item | undefined>;
	/** Adds or replaces a contract. */
	put(chainId: number, address: string, item: Item): void;
}

export function openContracts<Item>(
	entries: readonly CatalogueEntry[],
	form: (entry: CatalogueEntry, contract: LoadedContract) => Item,
	/** Has a contract that is not kept here, so that there may be any number of them. */
	make: (address: string) => Item | undefined = () => undefined,
): EmulatedContracts<Item> {
	const known = new Map(entries.map((entry) => [contractKey(entry.chainId, entry.address), entry]));
	const items = new Map<string, Promise<Item>>();

	return {
		async find(chainId, address) {
			const key = contractKey(chainId, address);
			const entry = known.get(key);
			const found = items.get(key);
			if (found) return found;
			if (!entry) return make(address);
			const item = loadContract(entry).then((contract) => form(entry, contract));
			items.set(key, item);
			return item;
		},
		put(chainId, address, item) {
			items.set(contractKey(chainId, address), Promise.resolve(item));
		},
	};
}
