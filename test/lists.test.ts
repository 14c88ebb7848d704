import { expect } from 'vitest';
import { ask } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({});

interface Row {
	address: string;
	chainId: number;
	status: string;
	name: string | null;
	/** Several contracts change in one moment. */
	moment: number;
}

const statuses = ['SUCCESS', 'ERROR', 'PROCESS'];
const chains = [1, 10];
const names = ['Token', 'Proxy', null];

const rows: Row[] = Array.from({ length: 90 }, (_, n) => ({
	address: randomAddress(),
	chainId: chains[n % 2] ?? 1,
	status: statuses[n % 3] ?? '',
	name: names[Math.floor(n / 6) % 3] ?? null,
	moment: Math.floor(n / 20),
}));

const query = `query ($status: ContractStatus, $chainId: Int, $name: String, $after: String) {
	contracts(first: 4, status: $status, chainId: $chainId, name: $name, after: $after) {
		edges { node { address chainId status } }
		pageInfo { hasNextPage endCursor }
	}
}`;

test('pages of a list by any filters hold each contract that fits once, the newest change first', async ({
	system,
	server,
}) => {
	const values = rows.map(({ address, chainId, status, name, moment }) => [
		...[chainId, Buffer.from(address.slice(2), 'hex'), status, 3, 1, 0, name],
		...[new Date(moment), new Date(moment)],
	]);
	await system.database.query(
		'insert into contracts (chain_id, address, status, version, attempts, failures, source_name, created_at, updated_at) values ?',
		[values],
	);
	for (const status of [undefined, ...statuses]) {
		for (const chainId of [undefined, ...chains]) {
			for (const name of [undefined, 'Token', 'Nothing']) {
				const filter = { status, chainId, name };
				const found = await listed(server.url, filter);
				expect({ filter, found }).toEqual({ filter, found: expected(filter) });
			}
		}
	}
});

type Filter = { [P in 'status' | 'chainId' | 'name']: Row[P] | undefined };

async function listed(url: string, filter: Filter): Promise<string[]> {
	const found: string[] = [];
	for (let after: string | null = null; ; ) {
		const answer: { data?: unknown } = await ask(url, query, { ...filter, after });
		const { edges, pageInfo } = (answer.data as { contracts: Page }).contracts;
		found.push(...edges.map(({ node }) => `${node.chainId}:${node.address.toLowerCase()}`));
		if (!pageInfo.hasNextPage) return found;
		after = pageInfo.endCursor;
	}
}

interface Page {
	edges: { node: Row }[];
	pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

function expected(filter: Filter): string[] {
	return rows
		.filter((row) => filter.status === undefined || row.status === filter.status)
		.filter((row) => filter.chainId === undefined || row.chainId === filter.chainId)
		.filter((row) => filter.name === undefined || row.name === filter.name)
		.toSorted(
			(a, b) =>
				b.moment - a.moment ||
				b.chainId - a.chainId ||
				(a.address.toLowerCase() < b.address.toLowerCase() ? 1 : -1),
		)
		.map(({ chainId, address }) => `${chainId}:${address.toLowerCase()}`);
}
