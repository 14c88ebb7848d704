import { isFinal, mayMove, type Status } from '../../domain/status.ts';
import type { Stored } from './history.ts';
import type { Facts, Ledger } from './ledger.ts';

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
	ledger: Ledger,
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
		const facts = ledger.contracts.get(address);
		checkFinished(stored, ledger);
		checkVersions(stored, ledger);
		const calls = callsFor(address);
		const attempts = begunAttempts(stored);
		sums.attempts += attempts;
		sums.calls += calls;
		sums.events += stored.events.length;
		if (stored.status === 'SUCCESS') sums.success += 1;
		if (stored.status === 'ERROR') sums.error += 1;
		const offend = (what: string) => ledger.offend('attempts', what, address);
		if (calls > attempts) offend(`${calls} upstream calls for ${attempts} begun attempts`);
		const successes = stored.events.filter(({ status }) => status === 'SUCCESS').length;
		if (calls < successes) offend(`${calls} upstream calls for ${successes} successes`);
		if (!facts) ledger.offend('kept', 'stored, though nobody submitted it', address);
		else compare(facts, stored, ledger);
	}
	for (const { address, accepted } of ledger.contracts.values()) {
		if (accepted > 0 && !histories.has(address))
			ledger.offend('kept', 'accepted and not there', address);
	}
	return sums;
}

function checkFinished({ address, status, dueAt }: Stored, ledger: Ledger): void {
	if (!isFinal(status)) ledger.offend('finished', `still ${status}`, address);
	else if (dueAt) ledger.offend('finished', `${status}, and yet due`, address);
}

function checkVersions({ address, status, version, events }: Stored, ledger: Ledger): void {
	const offend = (what: string) => ledger.offend('versions', what, address);
	let before: Status | null = null;
	let time = 0;
	events.forEach((event, index) => {
		if (event.version !== index + 1) offend(`version ${event.version} at place ${index + 1}`);
		if (!mayMove(before, event.status)) offend(`illegal move from ${before} to ${event.status}`);
		if (event.at.getTime() < time) offend(`version ${event.version} is older than the one before`);
		before = event.status;
		time = event.at.getTime();
	});
	const last = events.at(-1);
	if (last?.version !== version || last.status !== status) {
		offend(`the row is ${status} v${version}, its newest event ${last?.status} v${last?.version}`);
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

function compare(facts: Facts, stored: Stored, ledger: Ledger): void {
	const { address, kind, accepted, told } = facts;
	const { events, status, version } = stored;
	if (version < accepted) {
		ledger.offend('kept', `accepted at version ${accepted}, stored is ${version}`, address);
	}
	const last = events.at(-1);
	const right =
		kind === 'unverified' ? last?.errorCode === 'NOT_VERIFIED' : last?.status === 'SUCCESS';
	if (isFinal(status) && !right) {
		ledger.offend('outcome', `${kind}, and ended as ${status} ${last?.errorCode ?? ''}`, address);
	}
	if (kind !== 'unverified' && events.some(({ errorCode }) => errorCode === 'NOT_VERIFIED')) {
		ledger.offend('outcome', `${kind}, and was called NOT_VERIFIED`, address);
	}
	for (const [number, text] of told) {
		const event = events[number - 1];
		const is = event ? `${event.status} ${event.attempt}` : 'nothing';
		if (is !== text) {
			ledger.offend(
				'told',
				`version ${number} was streamed as "${text}", stored is "${is}"`,
				address,
			);
		}
	}
}
