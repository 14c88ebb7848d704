import { deepStrictEqual } from 'node:assert/strict';
import type { Bench } from '../bench.ts';
import { inTurn, type LoadedSide, loadedSide, type Side } from '../measure.ts';
import type { Figure } from '../report/figure.ts';
import { type Dataset, shown } from '../setup/dataset.ts';
import type { PeerName } from '../setup/peers.ts';
import { answerOf, type Request, type Target } from '../wrk/wrk.ts';

type Field = 'cachedContract' | 'contract';

const query = (field: Field) =>
	`query ($address: Address!) { ${field}(address: $address) { address status version source { name } } }`;
const paths: Record<Field, string> = { cachedContract: '/cached', contract: '/contracts' };

/** A hit of the cache: one address that everybody asks for, and a thousand in turn. */
export function compareCached(bench: Bench): Promise<Figure[]> {
	const all: PeerName[] = ['node:http', 'Mercurius, JIT', 'Apollo', 'Yoga', 'FastAPI'];
	return compareRead(bench, 'cached', 'cachedContract', 1_000, all);
}

/** Straight from the database: one address, and 5,000 in turn. */
export function compareContract(bench: Bench): Promise<Figure[]> {
	const all: PeerName[] = ['Mercurius, JIT', 'Apollo', 'Yoga', 'FastAPI'];
	return compareRead(bench, 'contract', 'contract', 5_000, all);
}

async function compareRead(
	bench: Bench,
	comparison: string,
	field: Field,
	many: number,
	peers: readonly PeerName[],
): Promise<Figure[]> {
	const data = await bench.data();
	const addresses = shown(data.many.slice(0, many));
	const server = await bench.server();
	if (field === 'cachedContract') await prime(server, addresses);
	const figures: Figure[] = [];
	const kinds = [
		{ title: `${field}, one address`, asked: addresses.slice(0, 1), beside: peers },
		{
			title: `${field}, ${many} addresses`,
			asked: addresses,
			beside: peers.filter((name) => name === 'Mercurius, JIT' || name === 'FastAPI'),
		},
	];
	for (const { title, asked, beside } of kinds) {
		const subject = { comparison, title, unit: 'requests a second', better: 'higher' } as const;
		const sides = [ourSide(bench, server, field, asked, data)];
		for (const name of beside) {
			sides.push(...(await peerSide(bench, name, field, asked, data)));
		}
		figures.push(await inTurn(bench, subject, sides));
	}
	return figures;
}

function graphql(field: Field, addresses: readonly string[]): Request[] {
	return addresses.map((address) => ({
		...{ method: 'POST', path: '/graphql' },
		body: { query: query(field), variables: { address } },
	}));
}

function ourSide(
	bench: Bench,
	target: Target,
	field: Field,
	addresses: readonly string[],
	data: Dataset,
): Side {
	return loadedSide(bench, graphqlSide('Verifeed', target, field, addresses, data));
}

function graphqlSide(
	name: string,
	target: Target,
	field: Field,
	addresses: readonly string[],
	{ expected }: Dataset,
): LoadedSide {
	const right = { data: { [field]: { address: addresses[0], ...expected } } };
	const requests = graphql(field, addresses);
	return { name, target, requests, check: (answer) => deepStrictEqual(answer, right) };
}

/** None where the peer cannot be had. */
async function peerSide(
	bench: Bench,
	name: PeerName,
	field: Field,
	addresses: readonly string[],
	data: Dataset,
): Promise<Side[]> {
	const right = { address: addresses[0], ...data.expected };
	const env: Record<string, string> =
		name === 'node:http' ? { ANSWER: JSON.stringify({ data: { [field]: right } }) } : {};
	const target = await bench.peer(name, env);
	if (!target) return [];
	if (name !== 'FastAPI') {
		return [loadedSide(bench, graphqlSide(name, target, field, addresses, data))];
	}
	const requests = addresses.map((address): Request => {
		return { method: 'GET', path: `${paths[field]}/${address}` };
	});
	const check = (answer: unknown) => deepStrictEqual(answer, right);
	return [loadedSide(bench, { name, target, requests, check })];
}

/** Puts them into the cache, by asking for each. */
async function prime(target: Target, addresses: readonly string[]): Promise<void> {
	for (const request of graphql('cachedContract', addresses)) await answerOf(target, request);
}
