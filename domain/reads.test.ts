import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { randomAddress } from '../test/harness/contracts.ts';
import type { ContractKey } from './contract.ts';
import { createReads, dayMs } from './reads.ts';

const now = new Date('2026-12-01T10:00:00Z');
const old = new Date(now.getTime() - 2 * dayMs);
const error = { code: 'NOT_VERIFIED', message: 'Not verified.', retryable: true } as const;
const unverified = () => ({ chainId: 1, address: randomAddress(), error });

beforeEach(() => {
	vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterEach(() => {
	vi.useRealTimers();
});

function noting() {
	const saved: ContractKey[][] = [];
	const failures: unknown[] = [];
	const database = { broken: false };
	const save = async (keys: readonly ContractKey[]) => {
		if (database.broken) throw new Error('away');
		saved.push([...keys]);
	};
	const reads = createReads(save, (event) => void failures.push(event));
	return { reads, saved, failures, database };
}

test('a contract is saved once for each day on which it is read', async () => {
	const { reads, saved } = noting();
	const contract = unverified();
	const { chainId, address } = contract;
	reads.note(contract, old);
	reads.note(contract, old);
	await reads.flush();
	reads.note(contract, old);
	await reads.flush();
	expect(saved).toEqual([[{ chainId, address }]]);
	vi.setSystemTime(new Date('2026-12-02T00:00:00Z'));
	reads.note(contract, old);
	await reads.flush();
	expect(saved).toHaveLength(2);
});

test('what is kept anyway is not noted: of another error, or changed within a day', async () => {
	const { reads, saved } = noting();
	reads.note({ ...unverified(), error: null }, old);
	reads.note({ ...unverified(), error: { ...error, code: 'SOURCE_TOO_LARGE' } }, old);
	reads.note(unverified(), new Date(now.getTime() - dayMs + 1));
	await reads.flush();
	expect(saved).toEqual([]);
});

test('what could not be saved is saved later, in parts, and reported', async () => {
	const { reads, saved, failures, database } = noting();
	for (let count = 0; count < 1_200; count += 1) reads.note(unverified(), old);
	database.broken = true;
	await reads.flush();
	expect(failures).toMatchObject([{ type: 'reads.not-saved', contracts: 1_200 }]);
	database.broken = false;
	reads.note(unverified(), old);
	await reads.flush();
	expect(saved.map(({ length }) => length)).toEqual([500, 500, 201]);
});

test('while nothing can be saved, no more than so many are kept', async () => {
	const { reads, saved, database } = noting();
	database.broken = true;
	for (let count = 0; count < 100_100; count += 1) reads.note(unverified(), old);
	await reads.flush();
	database.broken = false;
	await reads.flush();
	expect(saved.reduce((sum, { length }) => sum + length, 0)).toBe(100_000);
});
