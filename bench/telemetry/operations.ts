import type { GraphQlRequest } from '../load.ts';

const read = 'name compilerVersion match fileCount';
const cached = `query CachedContract($address: Address!) {
	cachedContract(address: $address) { status version source { ${read} } }
}`;
const plain = `query Contract($address: Address!) {
	contract(address: $address) { status version source { ${read} } }
}`;
const submit = `mutation Submit($address: Address!) {
	submitContract(address: $address) { status version }
}`;

export type Mix = 'cached reads' | 'mixed load';

/** Operations to be sent in turn: as in the cheapest case, and as a day's mix. */
export function operationsOf(mix: Mix, addresses: readonly string[]): GraphQlRequest[] {
	if (mix === 'cached reads') return addresses.map((address) => about(cached, address));
	return addresses.flatMap((address) => [
		...Array.from({ length: 14 }, () => about(cached, address)),
		...Array.from({ length: 4 }, () => about(plain, address)),
		about(submit, address),
	]);
}

function about(query: string, address: string): GraphQlRequest {
	return { query, variables: { address } };
}
