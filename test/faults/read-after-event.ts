import { tryAsk } from './asking.ts';
import type { Dice } from './dice.ts';
import type { Facts, Ledger } from './ledger.ts';
import type { ServerName } from './links.ts';

const cached = 'query ($address: Address!) { cachedContract(address: $address) { version } }';
const direct = 'query ($address: Address!) { contract(address: $address) { version } }';

type Answer = Record<string, { version: number } | null>;

/** Where a client stands: what it has seen of a contract, and from whom. */
export interface Standpoint {
	facts: Facts;
	version: number;
	server: ServerName;
	other: ServerName;
	url(server: ServerName): string;
}

/** Reads a contract as a client does that has just been told of a version, from one server or the other. */
export async function readAfterEvent(
	{ facts, version, server, other, url }: Standpoint,
	ledger: Ledger,
	dice: Dice,
): Promise<void> {
	const { address } = facts;
	const way = dice.weighed([
		{ from: server, query: cached, weight: 5 },
		{ from: other, query: cached, weight: 3 },
		{ from: dice.pick([server, other]), query: direct, weight: 2 },
	]);
	const answer = await tryAsk<Answer>(url(way.from), way.query, { address });
	if (!answer?.data) return ledger.count('reads without an answer');
	const [contract] = Object.values(answer.data);
	const got = contract?.version ?? 0;
	const story = `${way.from} answered version ${got} after version ${version} was streamed by ${server}`;
	if (way.query === direct) {
		ledger.count('direct reads');
		if (got < version) ledger.offend('reads', story, address);
	} else if (way.from === server) {
		ledger.count('cached reads');
		if (got < version) ledger.offend('cache', story, address);
	} else {
		ledger.count('cross-server reads');
		if (got < version) ledger.count('cross-server stale');
	}
}
