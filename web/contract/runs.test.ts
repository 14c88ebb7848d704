import { expect, test } from 'vitest';
import type { ContractErrorCode, ContractStatus, EventFragment } from '../api/documents.ts';
import { runsOf } from './runs.ts';

function events(...list: [ContractStatus, ContractErrorCode?][]): EventFragment[] {
	return list.map(([status, code], index) => ({
		version: index + 1,
		status,
		attempt: 1,
		error: code ? { code, message: '', retryable: true } : null,
		nextAttemptAt: null,
		at: `2026-01-01T00:00:0${index}.000Z`,
	}));
}

test('each submission after an end begins a run', () => {
	const runs = runsOf(
		events(
			...([['CREATED'], ['PROCESS'], ['SUCCESS']] as const).map(
				([status]) => [status] as [ContractStatus],
			),
			['CREATED'],
			['PROCESS'],
			['PROCESS', 'UPSTREAM_UNAVAILABLE'],
			['PROCESS'],
		),
	);
	expect(
		runs.map(({ attempts, failures, end }) => [attempts.length, failures.length, end?.status]),
	).toEqual([
		[1, 0, 'SUCCESS'],
		[2, 1, undefined],
	]);
});

test('a history that begins in the middle is one run', () => {
	expect(runsOf(events(['PROCESS'], ['ERROR', 'NOT_VERIFIED']))).toHaveLength(1);
	expect(runsOf([])).toEqual([]);
});
