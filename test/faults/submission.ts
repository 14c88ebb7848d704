import type { Emulator } from '../../bench/emulator/emulator.ts';
import { checksummed } from '../../domain/address.ts';
import { randomAddress, verified } from '../harness/contracts.ts';
import type { Facts, Kind, Observations } from './observations.ts';
import { tryQuery } from './query.ts';
import type { Random } from './random.ts';

const submit = `mutation ($addresses: [Address!]!, $refresh: Boolean!) {
	submitContracts(addresses: $addresses, refresh: $refresh) { address status version }
}`;

interface Submitted {
	submitContracts: { address: string; version: number }[];
}

/** What goes wrong at the upstream of a flaky contract before its source is had. */
const passing = ['http-500', 'http-503', 'not-json', 'reset', 'cut-body', 'http-502'] as const;

/** A contract that nobody has submitted yet. */
export function newContract(emulator: Emulator, observations: Observations, random: Random): Facts {
	const kind = random.weighed<{ kind: Kind; weight: number }>([
		{ kind: 'verified', weight: 7 },
		{ kind: 'flaky', weight: 2 },
		{ kind: 'unverified', weight: 1 },
	]).kind;
	const address = kind === 'unverified' ? checksummed(randomAddress()) : verified(emulator);
	if (kind === 'flaky') {
		const times = Array.from({ length: random.whole(1, 3) }, () => random.pick(passing));
		emulator.inject(1, address, times);
	}
	const facts: Facts = { address, kind, accepted: 0, streamed: new Map(), finished: false };
	observations.contracts.set(address, facts);
	return facts;
}

/** Submits once. True where the server accepted: only an answer with data counts. */
export async function submitTo(
	url: string,
	contracts: readonly Facts[],
	refresh: boolean,
	observations: Observations,
): Promise<boolean> {
	const addresses = contracts.map(({ address }) => address);
	observations.count(refresh ? 'refreshes' : 'submissions', contracts.length);
	const answer = await tryQuery<Submitted>(url, submit, { addresses, refresh });
	if (!answer) {
		observations.count('unanswered', contracts.length);
		return false;
	}
	if (!answer.data) {
		observations.count('refused', contracts.length);
		return false;
	}
	observations.count('accepted', contracts.length);
	answer.data.submitContracts.forEach(({ version }, index) => {
		const facts = contracts[index];
		if (facts) facts.accepted = Math.max(facts.accepted, version);
	});
	return true;
}
