import { deepStrictEqual } from 'node:assert/strict';
import type { Bench } from '../bench.ts';
import { inTurn, type LoadedSide, loadedSide } from '../measure.ts';
import type { Figure } from '../report/figure.ts';
import { shown } from '../setup/dataset.ts';
import type { PeerName } from '../setup/peers.ts';
import { answerOf, type Request, type Target } from '../wrk/wrk.ts';

export type Field = 'cachedContract' | 'contract';

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
	const { many: rows } = await bench.data();
	const addresses = shown(rows.slice(0, many));
	const figures: Figure[] = [];
	const few = peers.filter((name) => name === 'Mercurius, JIT' || name === 'FastAPI');
	const kinds = [
		{ title: `${field}, one address`, asked: addresses.slice(0, 1), beside: peers },
		{ title: `${field}, ${many} addresses`, asked: addresses, beside: few },
	];
	for (const { title, asked, beside } of kinds) {
		const subject = { comparison, title, unit: 'requests a second', better: 'higher' } as const;
		const sides = await readSides(bench, field, asked, beside);
		figures.push(
			await inTurn(
				bench,
				subject,
				sides.map((side) => loadedSide(bench, side)),
			),
		);
	}
	return figures;
}

/** Verifeed and those of the peers that can be had, each with the requests and the check of its answers. */
export async function readSides(
	bench: Bench,
	field: Field,
	addresses: readonly string[],
	peers: readonly PeerName[],
): Promise<LoadedSide[]> {
	const { expected } = await bench.data();
	const right = { address: addresses[0], ...expected };
	const graphql = addresses.map((address): Request => {
		const body = { query: query(field), variables: { address } };
		return { method: 'POST', path: '/graphql', body };
	});
	const rest = addresses.map((address): Request => {
		return { method: 'GET', path: `${paths[field]}/${address}` };
	});
	const overGraphql = { data: { [field]: right } };
	const server = await bench.server();
	if (field === 'cachedContract') await prime(server, graphql);
	const sides = [sideOf('Verifeed', server, graphql, overGraphql)];
	for (const name of peers) {
		const env = name === 'node:http' ? { ANSWER: JSON.stringify(overGraphql) } : undefined;
		const target = await bench.peer(name, env);
		if (!target) continue;
		sides.push(
			name === 'FastAPI'
				? sideOf(name, target, rest, right)
				: sideOf(name, target, graphql, overGraphql),
		);
	}
	return sides;
}

function sideOf(
	name: string,
	target: Target,
	requests: readonly Request[],
	right: unknown,
): LoadedSide {
	return { name, target, requests, check: (answer) => deepStrictEqual(answer, right) };
}

/** Puts them into the cache, by asking for each. */
async function prime(target: Target, requests: readonly Request[]): Promise<void> {
	for (const request of requests) await answerOf(target, request);
}
