import { calmChain, popularName, quietChain } from './rows.ts';
import { again, notInPool, type Shape } from './shape.ts';

interface Filter {
	status?: string;
	chainId?: number;
	name?: string;
}

const rareName = 'Token77';

/** Each filter, each pair of them, and those pairs that are rare though each of the two is frequent. */
const filters: [title: string, filter: Filter][] = [
	['all', {}],
	['SUCCESS', { status: 'SUCCESS' }],
	['ERROR', { status: 'ERROR' }],
	['of a chain', { chainId: 1 }],
	['of a quiet chain', { chainId: quietChain }],
	['by a frequent name', { name: popularName }],
	['by a rare name', { name: rareName }],
	['SUCCESS, of a chain', { status: 'SUCCESS', chainId: 1 }],
	['SUCCESS, of a quiet chain', { status: 'SUCCESS', chainId: quietChain }],
	['ERROR, of a chain', { status: 'ERROR', chainId: 1 }],
	['ERROR, of a chain without new ones', { status: 'ERROR', chainId: calmChain }],
	['SUCCESS, by a frequent name', { status: 'SUCCESS', name: popularName }],
	['ERROR, by a frequent name', { status: 'ERROR', name: popularName }],
	['SUCCESS, by a rare name', { status: 'SUCCESS', name: rareName }],
	['of a chain, by a frequent name', { chainId: 1, name: popularName }],
	['of a quiet chain, by a frequent name', { chainId: quietChain, name: popularName }],
	['of a chain, by a rare name', { chainId: 1, name: rareName }],
	['all three, frequent', { status: 'SUCCESS', chainId: 1, name: popularName }],
	['all three, rare together', { status: 'ERROR', chainId: 1, name: popularName }],
];

const query = `query ($status: ContractStatus, $chainId: Int, $name: String, $after: String) {
	contracts(status: $status, chainId: $chainId, name: $name, after: $after, first: 20) {
		edges { node { address chainId status version updatedAt source { name provider } } }
		pageInfo { hasNextPage endCursor }
	}
}`;

/** In the middle of the quiet chain's time, which is the older half; as the service writes its cursors. */
const middle = Date.parse('2025-05-01');
const cursorAt = (ms: number) =>
	Buffer.from(`${ms}:137:0x${'80'.repeat(20)}`).toString('base64url');

const pageOf = (
	title: string,
	filter: Filter,
	minutes: (turn: number) => number | null,
): Shape => ({
	title: `contracts ${title}`,
	async call(site, turn) {
		const at = minutes(turn);
		const after = at === null ? null : cursorAt(middle + at * 60_000);
		const data = await site.ask(query, { ...filter, after });
		const { edges } = data['contracts'] as { edges: { node: Node }[] };
		for (const { node } of edges) check(node, filter);
	},
});

interface Node {
	status: string;
	chainId: number;
	source: { name: string } | null;
}

function check(node: Node, { status, chainId, name }: Filter): void {
	const isWrong =
		(status !== undefined && node.status !== status) ||
		(chainId !== undefined && node.chainId !== chainId) ||
		(name !== undefined && node.source?.name !== name);
	if (isWrong) throw new Error(`${JSON.stringify(node)} is none of those that were asked for`);
}

export const lists: readonly Shape[] = [
	...filters.flatMap(([title, filter]) => [
		pageOf(`${title}, first page`, filter, () => null),
		pageOf(`${title}, a later page`, filter, (turn) => turn % again),
	]),
	{
		...pageOf('all, a page for the first time', {}, (turn) => 100_000 + turn * 100),
		grows: notInPool,
	},
];
