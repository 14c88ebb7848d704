import type { ServerName } from './links.ts';
import type { Facts, Observations } from './observations.ts';
import { tryQuery } from './query.ts';
import type { Random } from './random.ts';

const cached = 'query ($address: Address!) { cachedContract(address: $address) { version } }';
const direct = 'query ($address: Address!) { contract(address: $address) { version } }';

type Answer = Record<string, { version: number } | null>;

/** Where a client stands: what it has seen of a contract, and from whom. */
export interface ClientView {
	facts: Facts;
	version: number;
	server: ServerName;
	other: ServerName;
	url(server: ServerName): string;
}

/** Reads a contract as a client does that has just had an event of a version, from one server or the other. */
export async function readAfterEvent(
	{ facts, version, server, other, url }: ClientView,
	observations: Observations,
	random: Random,
): Promise<void> {
	const { address } = facts;
	const way = random.weighed([
		{ from: server, query: cached, weight: 5 },
		{ from: other, query: cached, weight: 3 },
		{ from: random.pick([server, other]), query: direct, weight: 2 },
	]);
	const answer = await tryQuery<Answer>(url(way.from), way.query, { address });
	if (!answer?.data) return observations.count('reads without an answer');
	const [contract] = Object.values(answer.data);
	const got = contract?.version ?? 0;
	const story = `${way.from} answered version ${got} after version ${version} was streamed by ${server}`;
	if (way.query === direct) {
		observations.count('direct reads');
		if (got < version) observations.violate('reads', story, address);
	} else if (way.from === server) {
		observations.count('cached reads');
		if (got < version) observations.violate('cache', story, address);
	} else {
		observations.count('cross-server reads');
		if (got < version) observations.count('cross-server stale');
	}
}
