import { deepStrictEqual } from 'node:assert/strict';
import type { Bench } from '../bench.ts';
import { inTurn, type LoadedSide, loadedSide } from '../measure.ts';
import type { Figure, Subject } from '../report/figure.ts';
import type { Request } from '../wrk/wrk.ts';

const one = `mutation ($address: Address!) { submitContract(address: $address) { address status version } }`;
const hundred = `mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { address status version } }`;

/** New addresses, each stored and confirmed by the broker before the answer. */
export function compareSubmit(bench: Bench): Promise<Figure[]> {
	return compare(bench, 1, {
		subject: { ...{ comparison: 'submit', title: 'submitContract, new addresses' }, ...rate },
	});
}

/** As a person sends one: nothing else is under way. */
export function compareLone(bench: Bench): Promise<Figure[]> {
	const title = 'submitContract, one at a time';
	return compare(bench, 1, {
		subject: { comparison: 'lone', title, unit: 'ms, median', better: 'lower' },
		connections: 1,
		value: ({ p50 }) => p50,
	});
}

export function compareBatch(bench: Bench): Promise<Figure[]> {
	const title = 'submitContracts, 100 at once';
	return compare(bench, 100, {
		subject: { comparison: 'batch', title, unit: 'addresses a second', better: 'higher' },
		...{ connections: 8, atLeast: 3 },
		value: (figures) => figures.rate * 100,
	});
}

const rate = { unit: 'requests a second', better: 'higher' } as const;

async function compare(
	bench: Bench,
	size: 1 | 100,
	{ subject, ...how }: { subject: Subject } & Pick<LoadedSide, 'connections' | 'atLeast' | 'value'>,
): Promise<Figure[]> {
	const { database } = await bench.system();
	const stored = async () => {
		const [row] = await database.query<{ n: number }>('select count(*) as n from contracts');
		return row?.n ?? 0;
	};
	let before = await stored();
	const counted = {
		...how,
		async after({ requests }: { requests: number }) {
			const now = await stored();
			// One more was sent to be checked, and those under way at the end may have been stored.
			if (now - before < (requests + 1) * size) {
				throw new Error(`${requests} submissions were answered, and ${now - before} rows stored`);
			}
			before = now;
		},
	};
	const graphql: Request = {
		...{ method: 'POST', path: '/graphql' },
		body:
			size === 1
				? { query: one, variables: { address: '@ADDRESS@' } }
				: { query: hundred, variables: { addresses: ['@ADDRESSES@'] } },
	};
	const rest: Request =
		size === 1
			? { method: 'POST', path: '/contracts', body: { address: '@ADDRESS@' } }
			: { method: 'POST', path: '/contracts/batch', body: { addresses: ['@ADDRESSES@'] } };
	const sides = [
		loadedSide(bench, {
			name: 'Verifeed',
			target: await bench.server(),
			requests: [graphql],
			check: (answer) => isCreated(Object.values((answer as { data: object }).data)[0], size),
			...counted,
		}),
	];
	const peer = await bench.peer('FastAPI');
	if (peer) {
		const check = (answer: unknown) => isCreated(answer, size);
		sides.push(
			loadedSide(bench, { name: 'FastAPI', target: peer, requests: [rest], check, ...counted }),
		);
	}
	return [await inTurn(bench, subject, sides)];
}

function isCreated(answer: unknown, size: number): void {
	const all = [answer].flat() as { status: string; version: number }[];
	const created = { status: 'CREATED', version: 1 };
	deepStrictEqual(
		all.map(({ status, version }) => ({ status, version })),
		Array.from({ length: size }, () => created),
	);
}
