import { expect } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import { type Contract, newContract } from '../../domain/contract.ts';
import type { RetryPolicy } from '../../domain/retry.ts';
import { type Change, decideClaim, decideFailure, decideSubmit } from '../../domain/transitions.ts';

/** As they are set when nobody sets them. */
export const policy: RetryPolicy = {
	...{ maxAttempts: 12, baseMs: 2_000, maxMs: 300_000, patienceMs: 3_600_000, random: () => 0 },
};
export const notVerifiedMs = 600_000;
const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const started = new Date(Date.UTC(2026, 0, 1));

export interface End {
	contract: Contract;
	attempts: number;
	seconds: number;
}

/** What becomes of a contract of which every attempt fails so, from when it was submitted until it ends. */
export async function ended(attempt: (contract: Contract, now: Date) => unknown): Promise<End> {
	let now = started;
	let contract = newContract(key, now);
	const change = (made: Change | null) => {
		if (!made) throw new Error('nothing changed');
		({ contract } = made);
	};
	change(decideSubmit({ refresh: false, graceMs: 15_000, notVerifiedMs })(null, now, key));
	for (let attempts = 1; attempts < 10_000; attempts += 1) {
		const limits = { leaseMs: 60_000, maxAttempts: policy.maxAttempts };
		change(decideClaim(contract.version, limits)(contract, now, key));
		const failure = await attempt(contract, now);
		change(decideFailure(contract.version, failure, policy)(contract, now, key));
		const seconds = (now.getTime() - started.getTime()) / 1_000;
		if (contract.status === 'ERROR') return { contract, attempts, seconds };
		expect(contract.dueAt?.getTime()).toBeGreaterThan(now.getTime());
		now = contract.dueAt ?? now;
	}
	throw new Error('it never ends');
}
