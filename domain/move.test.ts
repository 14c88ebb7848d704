import { expect, test } from 'vitest';
import { parseAddress } from './address.ts';
import { move, traced } from './move.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const first = new Date(1_000);
const second = new Date(2_000);
const third = new Date(3_000);

test('the time and the trace of a submission stay with the contract, those of other changes with their events', () => {
	const created = traced(move(key, null, first, { status: 'CREATED' }), 'submission');
	expect(created).toMatchObject({
		...{ from: null, contract: { submittedAt: first, trace: 'submission' } },
		event: { trace: 'submission' },
	});
	const begun = traced(move(key, created.contract, second, { status: 'PROCESS' }), 'attempt');
	expect(begun).toMatchObject({
		...{ from: 'CREATED', contract: { submittedAt: first, trace: 'submission' } },
		event: { trace: 'attempt' },
	});
});

test('a resubmission that a former release accepted is told from the submission before it', () => {
	const { contract } = traced(move(key, null, first, { status: 'CREATED' }), 'submission');
	// It writes neither of the two.
	const accepted = { ...contract, version: 4, updatedAt: second };
	const begun = move(key, accepted, third, { status: 'PROCESS' });
	expect(begun.contract).toMatchObject({ submittedAt: second, trace: null });
});
