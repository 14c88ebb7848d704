import { expect, test } from 'vitest';
import { createRecorder } from './recorder.ts';
import { kinds } from './schedule.ts';
import { createTally, latencyOf } from './tally.ts';

test('what two clients say is added up, by the second in which it was due', () => {
	const tally = createTally();
	const [one, other] = [createRecorder(2_250), createRecorder(2_250)];
	for (const client of [one, other]) {
		client.due('submit');
		client.due('contract');
	}
	one.answered('submit', 100, 300);
	tally.take(0, one.line(0, false));
	tally.take(1, other.line(0, false));
	expect(tally.inFlight).toBe(3);
	one.answered('contract', 200, 2_251);
	other.failed('contract', 'refused', true);
	other.answered('submit', 1_900, 2_250);
	tally.take(0, one.line(2, true));
	tally.take(1, other.line(2, true));

	const { submit, contract, test: none } = tally.totals;
	expect(submit).toMatchObject({ due: 2, answered: 2, inTime: 2, failed: 0, max: 350 });
	expect(contract).toMatchObject({ due: 2, answered: 1, inTime: 0, failed: 1, max: 2_051 });
	expect(none).toMatchObject({ due: 0, answered: 0 });
	expect(submit.seconds.get(0)).toMatchObject({ due: 2, answered: 1 });
	const late = submit.seconds.get(1)?.histogram ?? new Map();
	expect(Math.abs(latencyOf(late).p99 - 350) / 350).toBeLessThan(0.016);
	expect([tally.inFlight, tally.ended]).toEqual([0, 2]);
	expect([...tally.failures]).toEqual(['refused']);
});

test('a failure after an answer is counted, and nothing is open because of it', () => {
	const recorder = createRecorder(0);
	recorder.due('subscription');
	recorder.follows(1);
	recorder.answered('subscription', 0, 1);
	recorder.failed('subscription', 'versions came as 1, 3', false);
	recorder.follows(-1);
	const line = recorder.line(0, false);
	expect(line).toMatchObject({ inFlight: 0, following: 0, followed: 0 });
	expect(line.kinds.subscription).toMatchObject({ due: 1, answered: 1, failed: 1 });
});

test('each line has only what is new, and one reason is said once', () => {
	const recorder = createRecorder(0);
	for (const why of ['a', 'a', 'b']) {
		recorder.due('test');
		recorder.failed('test', why, true);
	}
	expect(recorder.line(0, false).failures).toEqual(['a', 'b']);
	recorder.due('test');
	recorder.failed('test', 'a', true);
	const next = recorder.line(1, false);
	expect(next.failures).toEqual([]);
	expect(kinds.map((kind) => next.kinds[kind].failed)).toEqual([0, 0, 0, 0, 1]);
});
