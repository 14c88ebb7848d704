import { expect, test } from 'vitest';
import { complaintOf } from './follower.ts';

const events = (statuses: readonly string[], versions = statuses.map((_, n) => n + 1)) =>
	statuses.map((status, n) => ({ status, version: versions[n] ?? 0 }));

test('a whole stream has nothing to complain of', () => {
	expect(complaintOf(events(['CREATED', 'PROCESS', 'SUCCESS']))).toBeUndefined();
	expect(complaintOf(events(['CREATED', 'PROCESS', 'ERROR']))).toBeUndefined();
});

test('a missing, repeated or early last event is named', () => {
	expect(complaintOf(events(['CREATED', 'SUCCESS'], [1, 3]))).toBe('versions came as 1, 3');
	expect(complaintOf(events(['PROCESS', 'SUCCESS'], [2, 3]))).toBe('versions came as 2, 3');
	expect(complaintOf(events(['CREATED', 'CREATED', 'SUCCESS'], [1, 1, 2]))).toContain('1, 1, 2');
	expect(complaintOf(events(['CREATED', 'PROCESS']))).toBe('the stream ended at PROCESS');
	expect(complaintOf([])).toBe('the stream ended at undefined');
});
