import { deepStrictEqual } from 'node:assert/strict';
import type { Bench } from '../bench.ts';
import { inTurn, loadedSide } from '../measure.ts';
import type { Figure } from '../report/figure.ts';
import { shown } from '../setup/dataset.ts';
import { answerOf, type Request, type Target } from '../wrk/wrk.ts';

const size = 20;
const fields =
	'address status version history { version status at } source { name abi files { path content size } }';

/** Files, ABI and history of twenty contracts in one answer, each with a source of its own. */
export async function compareWide(bench: Bench): Promise<Figure[]> {
	const { real } = await bench.data();
	const addresses = shown(real.slice(0, size));
	const aliases = addresses.map(
		(address, n) => `c${n}: contract(address: "${address}") { ${fields} }`,
	);
	const request: Request = {
		...{ method: 'POST', path: '/graphql' },
		body: { query: `{ ${aliases.join(' ')} }` },
	};
	const server = await bench.server();
	const right = (await answerOf(server, request)) as { data: Record<string, Contract> };
	for (const [n, address] of addresses.entries()) {
		const found = right.data[`c${n}`];
		if (found?.address !== address || !found.source?.files.length || found.history.length < 3) {
			throw new Error(`Verifeed does not tell all of ${address}`);
		}
	}
	const sides: { name: string; target: Target }[] = [{ name: 'Verifeed', target: server }];
	const yoga = await bench.peer('Yoga');
	if (yoga) sides.push({ name: 'Yoga', target: yoga });
	const title = 'files, ABI and history of 20 contracts';
	const subject = { comparison: 'wide', title, unit: 'requests a second' } as const;
	const check = (answer: unknown) => deepStrictEqual(answer, right);
	const loaded = sides.map((side) =>
		loadedSide(bench, { ...side, requests: [request], check, connections: 4, atLeast: 2 }),
	);
	return [await inTurn(bench, { ...subject, better: 'higher' }, loaded)];
}

interface Contract {
	address: string;
	history: unknown[];
	source: { files: unknown[] } | null;
}
