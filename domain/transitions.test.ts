import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { description } from '../test/harness/description.ts';
import { parseAddress } from './address.ts';
import type { Contract } from './contract.ts';
import { SourceError } from './errors.ts';
import { isFinal, mayMove } from './status.ts';
import {
	type Change,
	decideClaim,
	decideFailure,
	decidePostpone,
	decideRelease,
	decideSubmit,
	decideSuccess,
	move,
	traced,
} from './transitions.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const limits = { leaseMs: 60_000, maxAttempts: 3 };
const policy = {
	maxAttempts: 3,
	baseMs: 1_000,
	maxMs: 10_000,
	patienceMs: 60_000,
	random: () => 0.5,
};
const { fetchedAt: _, ...source } = description;
const failure = new SourceError('UPSTREAM_UNAVAILABLE', 'It is down.', { kind: 'back-off' });

function at(seconds: number): Date {
	return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
}

function must(change: Change | null): Contract {
	if (!change) throw new Error('nothing changed');
	expect(change.event.version).toBe(change.contract.version);
	return change.contract;
}

const created = () =>
	must(decideSubmit({ refresh: false, graceMs: 5_000, notVerifiedMs: 600_000 })(null, at(0), key));
const claimed = () => must(decideClaim(1, limits)(created(), at(1), key));

describe('a contract', () => {
	test('is created with version 1, no attempt and a due time after the grace', () => {
		expect(created()).toMatchObject({ status: 'CREATED', version: 1, attempts: 0, dueAt: at(5) });
	});

	test('is claimed once: the same message again changes nothing', () => {
		expect(claimed()).toMatchObject({ status: 'PROCESS', version: 2, attempts: 1, dueAt: at(61) });
		expect(decideClaim(1, limits)(claimed(), at(2), key)).toBeNull();
	});

	test('is claimed anew for its current version, as the sweeper publishes after the lease', () => {
		const again = must(decideClaim(2, limits)(claimed(), at(90), key));
		expect(again).toMatchObject({ status: 'PROCESS', version: 3, attempts: 2 });
	});

	test('ends in SUCCESS with its source and nothing due', () => {
		const done = must(decideSuccess(2, source)(claimed(), at(3), key));
		expect(done).toMatchObject({ status: 'SUCCESS', version: 3, dueAt: null, error: null });
		expect(done.source).toEqual({ ...source, fetchedAt: at(3) });
	});

	test('does not take the result of a worker that lost its lease', () => {
		const other = must(decideClaim(2, limits)(claimed(), at(90), key));
		expect(decideSuccess(2, source)(other, at(91), key)).toBeNull();
		expect(decideFailure(2, failure, policy)(other, at(91), key)).toBeNull();
		expect(decideRelease(2)(other, at(91), key)).toBeNull();
	});

	test('waits for its back-off after a failure that may pass, and says when', () => {
		const waiting = must(decideFailure(2, failure, policy)(claimed(), at(2), key));
		expect(waiting).toMatchObject({ status: 'PROCESS', version: 3, nextAttemptAt: at(2.75) });
		expect(waiting.dueAt).toEqual(waiting.nextAttemptAt);
		expect(waiting.error).toEqual({
			code: 'UPSTREAM_UNAVAILABLE',
			message: 'It is down.',
			retryable: true,
		});
	});

	test('ends in ERROR when its attempts are spent, and at once when trying again cannot help', () => {
		const spent = { ...claimed(), failures: 2 };
		expect(must(decideFailure(2, failure, policy)(spent, at(2), key))).toMatchObject({
			status: 'ERROR',
			dueAt: null,
		});
		const final = new SourceError('NOT_VERIFIED', 'None.', { kind: 'final' });
		expect(must(decideFailure(2, final, policy)(claimed(), at(2), key)).status).toBe('ERROR');
	});

	test('may wait for an upstream that asks for patience however often', () => {
		const wait = new SourceError('QUOTA_EXHAUSTED', 'Later.', { kind: 'wait', atLeastMs: 60_000 });
		const waiting = must(decideFailure(2, wait, policy)({ ...claimed(), attempts: 9 }, at(2), key));
		expect(waiting).toMatchObject({ status: 'PROCESS', nextAttemptAt: at(62) });
		expect(must(decideClaim(3, limits)(waiting, at(62), key)).status).toBe('PROCESS');
	});

	test('whose workers died every time ends in ERROR instead of killing more of them', () => {
		const cutOff = { ...claimed(), failures: 2 };
		const ended = must(decideClaim(2, limits)(cutOff, at(90), key));
		expect(ended).toMatchObject({ status: 'ERROR', error: { code: 'INTERNAL', retryable: true } });
	});

	test('does not spend its attempts on an upstream that asks for patience, nor on workers that stop', () => {
		const wait = new SourceError('UPSTREAM_UNAVAILABLE', 'Slow.', { kind: 'wait', atLeastMs: 1 });
		let contract = created();
		for (let round = 0; round < 20; round += 1) {
			contract = must(decideClaim(contract.version, limits)(contract, at(round), key));
			const decide =
				round % 2 === 0
					? decideFailure(contract.version, wait, policy)
					: decideRelease(contract.version);
			contract = must(decide(contract, at(round), key));
		}
		contract = must(decideClaim(contract.version, limits)(contract, at(30), key));
		contract = must(decideFailure(contract.version, failure, policy)(contract, at(31), key));
		expect(contract).toMatchObject({ status: 'PROCESS', attempts: 21, failures: 1 });
	});

	test('shows a fault of this service without its text', () => {
		const bug = new Error('select * from secrets');
		const waiting = must(decideFailure(2, bug, policy)(claimed(), at(2), key));
		expect(waiting.error?.code).toBe('INTERNAL');
		expect(waiting.error?.message).not.toContain('secrets');
	});

	test('keeps its source through a refresh that fails', () => {
		const done = must(decideSuccess(2, source)(claimed(), at(3), key));
		expect(
			decideSubmit({ refresh: false, graceMs: 1, notVerifiedMs: 600_000 })(done, at(4), key),
		).toBeNull();
		const refreshed = must(
			decideSubmit({ refresh: true, graceMs: 1, notVerifiedMs: 600_000 })(done, at(4), key),
		);
		expect(refreshed).toMatchObject({ status: 'CREATED', version: 4, attempts: 0 });
		const again = must(decideClaim(4, limits)(refreshed, at(5), key));
		const final = new SourceError('NOT_VERIFIED', 'None.', { kind: 'final' });
		const failed = must(decideFailure(5, final, policy)(again, at(6), key));
		expect(failed).toMatchObject({ status: 'ERROR', source: { hash: source.hash } });
	});
});

test('whatever verbs come in whatever order: versions rise by one, moves are legal, and only a finished contract has nothing due', () => {
	const verbs = fc.oneof(
		fc.boolean().map((refresh) => decideSubmit({ refresh, graceMs: 10, notVerifiedMs: 600_000 })),
		fc.nat(12).map((version) => decideClaim(version, limits)),
		fc.nat(12).map((version) => decideSuccess(version, source)),
		fc.nat(12).map((version) => decideFailure(version, failure, policy)),
		fc.nat(12).map((version) => decidePostpone(version, failure, policy)),
		fc.nat(12).map((version) => decideRelease(version)),
	);
	fc.assert(
		fc.property(fc.array(verbs, { maxLength: 60 }), (sequence) => {
			let current: Contract | null = null;
			for (const [second, decide] of sequence.entries()) {
				const change: Change | null = decide(current, at(second), key);
				if (!change) continue;
				expect(change.contract.version).toBe((current?.version ?? 0) + 1);
				expect(mayMove(current?.status ?? null, change.contract.status)).toBe(true);
				expect(change.contract.dueAt === null).toBe(isFinal(change.contract.status));
				current = change.contract;
			}
		}),
	);
});

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

test('a resubmission that a former release accepted is kept apart from the submission before it', () => {
	const { contract } = traced(move(key, null, first, { status: 'CREATED' }), 'submission');
	// It writes neither of the two.
	const accepted = { ...contract, version: 4, updatedAt: second };
	const begun = move(key, accepted, third, { status: 'PROCESS' });
	expect(begun.contract).toMatchObject({ submittedAt: second, trace: null });
});
