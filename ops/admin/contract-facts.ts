import { checksummed } from '../../domain/address.ts';
import type { Contract } from '../../domain/contract.ts';
import { keyText } from '../../domain/contract.ts';
import { showDuration } from './duration.ts';

/** A contract as the commands show it in JSON. */
export function contractFacts(contract: Contract) {
	const { chainId, address, status, version, attempts, failures, error } = contract;
	const { dueAt, nextAttemptAt, createdAt, updatedAt } = contract;
	return {
		contract: keyText(contract),
		chainId,
		address: checksummed(address),
		status,
		version,
		attempts,
		failures,
		dueAt,
		nextAttemptAt,
		error,
		createdAt,
		updatedAt,
	};
}

export const contractHeadings = [
	'CONTRACT',
	'STATUS',
	'VERSION',
	'FAILURES',
	'UNCHANGED FOR',
	'DUE',
	'ERROR',
];

/** One line of a list. */
export function contractRow(contract: Contract, now: Date): string[] {
	const { status, version, failures, updatedAt, dueAt, error } = contract;
	return [
		keyText(contract),
		status,
		String(version),
		String(failures),
		showDuration(now.getTime() - updatedAt.getTime()),
		showDue(dueAt, now),
		error ? error.code : '',
	];
}

export function showDue(dueAt: Date | null, now: Date): string {
	if (!dueAt) return '';
	const ms = dueAt.getTime() - now.getTime();
	return ms > 0 ? `in ${showDuration(ms)}` : `${showDuration(-ms)} ago`;
}
