import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from './address.ts';
import * as advance from './advance.ts';
import type { Contract } from './contract.ts';
import { SourceError } from './errors.ts';
import type { Change } from './move.ts';
import type { SourceDescription } from './source.ts';
import { isFinal, mayMove } from './status.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const limits = { leaseMs: 60_000, maxAttempts: 3 };
const policy = { maxAttempts: 3, baseMs: 1_000, maxMs: 10_000, random: () => 0.5 };
const source: Omit<SourceDescription, 'fetchedAt'> = {
	hash: 'a'.repeat(64),
	abiHash: null,
	abiSize: 0,
	provider: 'ETHERSCAN',
	origin: 'api.etherscan.io',
	name: 'T',
	language: 'Solidity',
	compilerVersion: 'v0.8.9',
	evmVersion: null,
	optimizer: { enabled: true, runs: 200 },
	license: null,
	constructorArguments: '0x',
	libraries: [],
	viaIr: false,
	remappings: [],
	similarMatch: null,
	implementations: [],
	match: 'UNKNOWN',
	mainPath: 'T.sol',
	fileCount: 1,
	size: 10,
};
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
	must(
		advance.submit({ refresh: false, graceMs: 5_000, notVerifiedMs: 600_000 })(null, at(0), key),
	);
const claimed = () => must(advance.claim(1, limits)(created(), at(1), key));

describe('a contract', () => {
	test('is created with version 1, no attempt and a due time after the grace', () => {
		expect(created()).toMatchObject({ status: 'CREATED', version: 1, attempts: 0, dueAt: at(5) });
	});

	test('is claimed once: the same message again changes nothing', () => {
		expect(claimed()).toMatchObject({ status: 'PROCESS', version: 2, attempts: 1, dueAt: at(61) });
		expect(advance.claim(1, limits)(claimed(), at(2), key)).toBeNull();
	});

	test('is claimed anew for its current version, as the sweeper publishes after the lease', () => {
		const again = must(advance.claim(2, limits)(claimed(), at(90), key));
		expect(again).toMatchObject({ status: 'PROCESS', version: 3, attempts: 2 });
	});

	test('ends in SUCCESS with its source and nothing due', () => {
		const done = must(advance.succeed(2, source)(claimed(), at(3), key));
		expect(done).toMatchObject({ status: 'SUCCESS', version: 3, dueAt: null, error: null });
		expect(done.source).toEqual({ ...source, fetchedAt: at(3) });
	});

	test('does not take the result of a worker that lost its lease', () => {
		const other = must(advance.claim(2, limits)(claimed(), at(90), key));
		expect(advance.succeed(2, source)(other, at(91), key)).toBeNull();
		expect(advance.fail(2, failure, policy)(other, at(91), key)).toBeNull();
		expect(advance.release(2)(other, at(91), key)).toBeNull();
	});

	test('waits for its back-off after a failure that may pass, and tells when', () => {
		const waiting = must(advance.fail(2, failure, policy)(claimed(), at(2), key));
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
		expect(must(advance.fail(2, failure, policy)(spent, at(2), key))).toMatchObject({
			status: 'ERROR',
			dueAt: null,
		});
		const final = new SourceError('NOT_VERIFIED', 'None.', { kind: 'final' });
		expect(must(advance.fail(2, final, policy)(claimed(), at(2), key)).status).toBe('ERROR');
	});

	test('may wait for an upstream that asks for patience however often', () => {
		const wait = new SourceError('QUOTA_EXHAUSTED', 'Later.', { kind: 'wait', atLeastMs: 60_000 });
		const waiting = must(advance.fail(2, wait, policy)({ ...claimed(), attempts: 9 }, at(2), key));
		expect(waiting).toMatchObject({ status: 'PROCESS', nextAttemptAt: at(62) });
		expect(must(advance.claim(3, limits)(waiting, at(62), key)).status).toBe('PROCESS');
	});

	test('whose workers died every time ends in ERROR instead of killing more of them', () => {
		const cutOff = { ...claimed(), failures: 2 };
		const ended = must(advance.claim(2, limits)(cutOff, at(90), key));
		expect(ended).toMatchObject({ status: 'ERROR', error: { code: 'INTERNAL', retryable: true } });
	});

	test('does not spend its attempts on an upstream that asks for patience, nor on workers that stop', () => {
		const wait = new SourceError('UPSTREAM_UNAVAILABLE', 'Slow.', { kind: 'wait', atLeastMs: 1 });
		let contract = created();
		for (let round = 0; round < 20; round += 1) {
			contract = must(advance.claim(contract.version, limits)(contract, at(round), key));
			const decide =
				round % 2 === 0
					? advance.fail(contract.version, wait, policy)
					: advance.release(contract.version);
			contract = must(decide(contract, at(round), key));
		}
		contract = must(advance.claim(contract.version, limits)(contract, at(30), key));
		contract = must(advance.fail(contract.version, failure, policy)(contract, at(31), key));
		expect(contract).toMatchObject({ status: 'PROCESS', attempts: 21, failures: 1 });
	});

	test('shows a fault of this service without its text', () => {
		const bug = new Error('select * from secrets');
		const waiting = must(advance.fail(2, bug, policy)(claimed(), at(2), key));
		expect(waiting.error?.code).toBe('INTERNAL');
		expect(waiting.error?.message).not.toContain('secrets');
	});

	test('keeps its source through a refresh that fails', () => {
		const done = must(advance.succeed(2, source)(claimed(), at(3), key));
		expect(
			advance.submit({ refresh: false, graceMs: 1, notVerifiedMs: 600_000 })(done, at(4), key),
		).toBeNull();
		const refreshed = must(
			advance.submit({ refresh: true, graceMs: 1, notVerifiedMs: 600_000 })(done, at(4), key),
		);
		expect(refreshed).toMatchObject({ status: 'CREATED', version: 4, attempts: 0 });
		const again = must(advance.claim(4, limits)(refreshed, at(5), key));
		const final = new SourceError('NOT_VERIFIED', 'None.', { kind: 'final' });
		const failed = must(advance.fail(5, final, policy)(again, at(6), key));
		expect(failed).toMatchObject({ status: 'ERROR', source: { hash: source.hash } });
	});
});

test('whatever verbs come in whatever order: versions rise by one, moves are legal, and only a finished contract has nothing due', () => {
	const verbs = fc.oneof(
		fc.boolean().map((refresh) => advance.submit({ refresh, graceMs: 10, notVerifiedMs: 600_000 })),
		fc.nat(12).map((version) => advance.claim(version, limits)),
		fc.nat(12).map((version) => advance.succeed(version, source)),
		fc.nat(12).map((version) => advance.fail(version, failure, policy)),
		fc.nat(12).map((version) => advance.postpone(version, failure, policy)),
		fc.nat(12).map((version) => advance.release(version)),
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
