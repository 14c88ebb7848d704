import type { Reply } from './lane.ts';

/** One request, and what is right about its answer. */
export interface Operation {
	body: string;
	/**
	 * Throws when the answer is not as it has to be; gives the milliseconds that the server was asked to wait, which are
	 * no part of the latency.
	 */
	check(reply: Reply): number;
}

interface Result {
	data?: Record<string, unknown> | null;
	errors?: { message: string; extensions?: { code?: string } }[];
}

const fields = 'address status version source { name }';
const documents = {
	submitContract: `mutation ($address: Address!) { submitContract(address: $address) { ${fields} } }`,
	contract: `query ($address: Address!) { contract(address: $address) { ${fields} } }`,
	cachedContract: `query ($address: Address!) { cachedContract(address: $address) { ${fields} } }`,
} as const;

/** An operation about a contract that has to be there once it is answered. */
export function about(field: keyof typeof documents, address: string): Operation {
	return {
		body: JSON.stringify({ query: documents[field], variables: { address } }),
		check(reply) {
			const contract = right(reply, field) as { address: string; version: number } | null;
			if (contract?.address.toLowerCase() !== address || !(contract.version >= 1)) {
				throw new Error(`${field} answered ${reply.body.slice(0, 200)}`);
			}
			return 0;
		},
	};
}

const errors = [
	['EXPECTED', 'BAD_USER_INPUT'],
	['UNEXPECTED', 'INTERNAL_SERVER_ERROR'],
	['OUTAGE', 'SERVICE_UNAVAILABLE'],
] as const;

/** Lines in the log, errors of each kind in half of the calls, and waiting, in turn. */
export function testOperation(n: number): Operation {
	const [kind, code] = errors[Math.floor(n / 3) % errors.length] ?? errors[0];
	switch (n % 3) {
		case 0:
			return simple('testLog', 'mutation { testLog(lines: 3) }', (lines) => lines === 3);
		case 1:
			return failing(`{ testError(kind: ${kind}, share: 0.5) }`, code);
		default:
			return simple('testWait', '{ testWait(maxMs: 100) }', (ms) => Number(ms) <= 100);
	}
}

function simple(field: string, query: string, isRight: (value: unknown) => boolean): Operation {
	return {
		body: JSON.stringify({ query }),
		check(reply) {
			const value = right(reply, field);
			if (!isRight(value)) throw new Error(`${field} answered ${reply.body.slice(0, 200)}`);
			return field === 'testWait' ? Number(value) : 0;
		},
	};
}

/** The error that was asked for is a right answer, and no other one is. */
function failing(query: string, code: string): Operation {
	return {
		body: JSON.stringify({ query }),
		check({ status, body }) {
			const { data, errors: found } = JSON.parse(body) as Result;
			const isRight = found ? found[0]?.extensions?.code === code : data?.['testError'] === false;
			if (!isRight) throw new Error(`testError answered ${status} ${body.slice(0, 200)}`);
			return 0;
		},
	};
}

function right({ status, body }: Reply, field: string): unknown {
	if (status !== 200) throw new Error(`${field} answered ${status} ${body.slice(0, 200)}`);
	const { data, errors: found } = JSON.parse(body) as Result;
	if (found) throw new Error(`${field} answered ${JSON.stringify(found).slice(0, 200)}`);
	return data?.[field] ?? null;
}
