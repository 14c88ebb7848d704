import { isFinal, mayMove, type Status } from '../../domain/status.ts';
import type { Stored } from './history.ts';
import type { Facts, Observations } from './observations.ts';

export interface Sums {
	contracts: number;
	success: number;
	error: number;
	events: number;
	attempts: number;
	calls: number;
}

/** Compares what clients know with what is stored. Finds nothing in a system that keeps its promises. */
export function checkContracts(
	histories: ReadonlyMap<string, Stored>,
	/** How often the upstream was called for an address. */
	callsFor: (address: string) => number,
	observations: Observations,
): Sums {
	const sums: Sums = {
		contracts: histories.size,
		success: 0,
		error: 0,
		events: 0,
		attempts: 0,
		calls: 0,
	};
	for (const [address, stored] of histories) {
		const facts = observations.contracts.get(address);
		checkFinished(stored, observations);
		checkVersions(stored, observations);
		const calls = callsFor(address);
		const attempts = begunAttempts(stored);
		sums.attempts += attempts;
		sums.calls += calls;
		sums.events += stored.events.length;
		if (stored.status === 'SUCCESS') sums.success += 1;
		if (stored.status === 'ERROR') sums.error += 1;
		const violate = (what: string) => observations.violate('attempts', what, address);
		if (calls > attempts) violate(`${calls} upstream calls for ${attempts} begun attempts`);
		const successes = stored.events.filter(({ status }) => status === 'SUCCESS').length;
		if (calls < successes) violate(`${calls} upstream calls for ${successes} successes`);
		if (!facts) observations.violate('kept', 'stored, though nobody submitted it', address);
		else compare(facts, stored, observations);
	}
	for (const { address, accepted } of observations.contracts.values()) {
		if (accepted > 0 && !histories.has(address))
			observations.violate('kept', 'accepted and not there', address);
	}
	return sums;
}

function checkFinished({ address, status, dueAt }: Stored, observations: Observations): void {
	if (!isFinal(status)) observations.violate('finished', `still ${status}`, address);
	else if (dueAt) observations.violate('finished', `${status}, and yet due`, address);
}

function checkVersions(
	{ address, status, version, events }: Stored,
	observations: Observations,
): void {
	const violate = (what: string) => observations.violate('versions', what, address);
	let before: Status | null = null;
	let time = 0;
	events.forEach((event, index) => {
		if (event.version !== index + 1) violate(`version ${event.version} at place ${index + 1}`);
		if (!mayMove(before, event.status)) violate(`illegal move from ${before} to ${event.status}`);
		if (event.at.getTime() < time) violate(`version ${event.version} is older than the one before`);
		before = event.status;
		time = event.at.getTime();
	});
	const last = events.at(-1);
	if (last?.version !== version || last.status !== status) {
		violate(`the row is ${status} v${version}, its newest event ${last?.status} v${last?.version}`);
	}
}

/** A claim counts one more attempt; whoever was killed after it has begun one too. */
function begunAttempts({ events }: Stored): number {
	let before = 0;
	let begun = 0;
	for (const { attempt } of events) {
		if (attempt > before) begun += 1;
		before = attempt;
	}
	return begun;
}

function compare(facts: Facts, stored: Stored, observations: Observations): void {
	const { address, kind, accepted, streamed } = facts;
	const { events, status, version } = stored;
	if (version < accepted) {
		observations.violate('kept', `accepted at version ${accepted}, stored is ${version}`, address);
	}
	const last = events.at(-1);
	const right =
		kind === 'unverified' ? last?.errorCode === 'NOT_VERIFIED' : last?.status === 'SUCCESS';
	if (isFinal(status) && !right) {
		observations.violate(
			'outcome',
			`${kind}, and ended as ${status} ${last?.errorCode ?? ''}`,
			address,
		);
	}
	if (kind !== 'unverified' && events.some(({ errorCode }) => errorCode === 'NOT_VERIFIED')) {
		observations.violate('outcome', `${kind}, and was called NOT_VERIFIED`, address);
	}
	for (const [number, text] of streamed) {
		const event = events[number - 1];
		const is = event ? `${event.status} ${event.attempt}` : 'nothing';
		if (is !== text) {
			observations.violate(
				'streamed',
				`version ${number} was streamed as "${text}", stored is "${is}"`,
				address,
			);
		}
	}
}
