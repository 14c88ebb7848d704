import { beforeEach, expect, test } from 'vitest';
import type { Status } from '../../domain/status.ts';
import { checkContracts } from './checks.ts';
import type { Stored } from './history.ts';
import { createObservations, type Facts, type Observations } from './observations.ts';

const address = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
let observations: Observations;
let facts: Facts;

beforeEach(() => {
	observations = createObservations();
	facts = { address, kind: 'verified', accepted: 1, streamed: new Map(), finished: true };
	observations.contracts.set(address, facts);
});

/** Each event as `PROCESS 1`, or with its error code behind. */
function stored(...texts: string[]): Stored {
	const events = texts.map((text, index) => {
		const [status, attempt, errorCode = null] = text.split(' ');
		return {
			version: index + 1,
			// Written so in this file.
			status: status as Status,
			attempt: Number(attempt),
			errorCode,
			nextAttemptAt: null,
			at: new Date(index),
		};
	});
	const last = events.at(-1);
	return {
		address,
		status: last?.status ?? 'CREATED',
		version: events.length,
		dueAt: null,
		events,
	};
}

function broken(contract: Stored | null, calls: number): string[] {
	checkContracts(new Map(contract ? [[address, contract]] : []), () => calls, observations);
	return [...observations.violations.keys()];
}

const well = ['CREATED 0', 'PROCESS 1', 'PROCESS 2', 'SUCCESS 2'] as const;

test('nothing is found where all is well, a killed attempt that never called included', () => {
	facts.streamed.set(3, 'PROCESS 2');
	expect(broken(stored(...well), 1)).toEqual([]);
});

test('an accepted submission that is not there is found', () => {
	expect(broken(null, 0)).toEqual(['kept']);
});

test('a version that was lost after it was answered is found', () => {
	facts.accepted = 5;
	expect(broken(stored(...well), 1)).toEqual(['kept']);
});

test('a contract that is not finished is found', () => {
	expect(broken(stored('CREATED 0', 'PROCESS 1'), 1)).toEqual(['finished']);
});

test('holes, illegal moves and a row that is not its newest event are found', () => {
	const hole = stored(...well);
	hole.events.splice(1, 1);
	expect(broken(hole, 1)).toContain('versions');
	observations = createObservations();
	observations.contracts.set(address, facts);
	expect(broken(stored('CREATED 0', 'SUCCESS 0'), 1)).toContain('versions');
	observations = createObservations();
	observations.contracts.set(address, facts);
	expect(broken({ ...stored(...well), version: 5 }, 1)).toEqual(['versions']);
});

test('a call without an attempt and a success without a call are found', () => {
	expect(broken(stored(...well), 3)).toEqual(['attempts']);
	observations = createObservations();
	observations.contracts.set(address, facts);
	expect(broken(stored(...well), 0)).toEqual(['attempts']);
});

test('another end than the upstream gives is found', () => {
	const refused = ['CREATED 0', 'PROCESS 1', 'ERROR 1 NOT_VERIFIED'];
	expect(broken(stored(...refused), 1)).toEqual(['outcome']);
	observations = createObservations();
	observations.contracts.set(address, { ...facts, kind: 'unverified' });
	expect(broken(stored(...refused), 1)).toEqual([]);
});

test('an event that was streamed and is not what is stored is found', () => {
	facts.streamed.set(2, 'PROCESS 7');
	expect(broken(stored(...well), 1)).toEqual(['streamed']);
});
