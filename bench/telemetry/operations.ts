/** The body of one request. */
export interface GraphQlRequest {
	query: string;
	variables: Record<string, unknown>;
}

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

/** What exercises the monitoring: errors, lines in the log, waiting. */
const tests = [
	'{ testError(share: 0.5) }',
	'mutation { testLog(lines: 2) }',
	'{ testWait(maxMs: 10) }',
];

export type Mix = 'cached reads' | 'mixed load';

/** Operations to be sent in turn: the cheapest case, and a mix as of a day with test operations in it. */
export function operationsOf(mix: Mix, addresses: readonly string[]): GraphQlRequest[] {
	if (mix === 'cached reads') return addresses.map((address) => about(cached, address));
	return addresses.flatMap((address, index) => [
		...Array.from({ length: 14 }, () => about(cached, address)),
		...Array.from({ length: 4 }, () => about(plain, address)),
		about(submit, address),
		{ query: tests[index % tests.length] ?? '', variables: {} },
	]);
}

function about(query: string, address: string): GraphQlRequest {
	return { query, variables: { address } };
}
