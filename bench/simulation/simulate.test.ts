import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../test/faults/random.ts';
import { arrivalsOf, type Plan, simulate } from './simulate.ts';

const randomOf = (seed: number) => createRandom(seed).next;

/** One that answers at once and never fails. */
const plain: Plan = {
	...{ arrivals: [0], workers: 1, concurrency: 1, callsPerSecond: Number.POSITIVE_INFINITY },
	missed: 0,
	...{ answer: () => 0, processor: 0, failures: 0, backOff: { base: 2, most: 300 }, attempts: 12 },
	random: randomOf(1),
};

const mean = (values: readonly number[]) =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean wait before a server that takes `service` for each, at Poisson arrivals (Pollaczek and Khinchine). */
const waitOf = (load: number, service: number) => (load * service) / (2 * (1 - load));

test.each([0.3, 0.7, 0.8])('one worker at a load of %d waits as M/D/1 says', (load) => {
	const random = randomOf(7);
	const { jobs } = simulate({
		...{ ...plain, arrivals: arrivalsOf(load, 100_000, random) },
		answer: () => 1,
	});
	const wait = mean(jobs.map(({ arrived, begun }) => begun - arrived));
	expect(wait / waitOf(load, 1)).toBeCloseTo(1, 1);
});

test('so do calls that begin a second apart, however many workers wait for them', () => {
	const random = randomOf(8);
	const { jobs } = simulate({
		...{ ...plain, arrivals: arrivalsOf(0.7, 100_000, random) },
		...{ workers: 10, concurrency: 10_000, callsPerSecond: 1 },
	});
	const wait = mean(jobs.map(({ arrived, finished }) => finished - arrived));
	expect(wait / waitOf(0.7, 1)).toBeCloseTo(1, 1);
});

test('a burst is done as fast as calls are allowed, and the last one waits for all before it', () => {
	const { jobs } = simulate({
		...{ ...plain, arrivals: arrivalsOf(1_000, 60), callsPerSecond: 30 },
		...{ workers: 2, concurrency: 10, answer: () => 0.2 },
	});
	expect(Math.max(...jobs.map(({ finished }) => finished))).toBeCloseTo(59_999 / 30 + 0.2, 3);
});

test('turns that are missed are lost: of every second one, half the rate is left', () => {
	const { calls } = simulate({
		...{ ...plain, arrivals: Array.from({ length: 20_000 }, () => 0), random: randomOf(3) },
		...{ concurrency: 10, callsPerSecond: 30, missed: 0.5 },
	});
	expect((calls.at(-1) ?? 0) / (20_000 / 15)).toBeCloseTo(1, 1);
});

test('a processor that is busy holds up its own worker alone', () => {
	const { jobs } = simulate({
		...{ ...plain, arrivals: Array.from({ length: 100 }, () => 0) },
		...{ workers: 4, concurrency: 5, processor: 0.1 },
	});
	expect(Math.max(...jobs.map(({ finished }) => finished))).toBeCloseTo(100 / 4 / 10, 6);
});

test('one that fails is tried again after its back-off, so often and no more', () => {
	const { jobs, calls } = simulate({ ...plain, failures: 1, attempts: 3, random: () => 0.5 });
	expect(jobs).toMatchObject([{ calls: 3, succeeded: false }]);
	expect(calls).toEqual([0, 1.5, 4.5]);
});

const plans = fc.record({
	perSecond: fc.integer({ min: 1, max: 50 }),
	seconds: fc.integer({ min: 1, max: 20 }),
	workers: fc.integer({ min: 1, max: 4 }),
	concurrency: fc.integer({ min: 1, max: 20 }),
	callsPerSecond: fc.integer({ min: 1, max: 100 }),
	processor: fc.double({ min: 0, max: 0.1, noNaN: true }),
	failures: fc.double({ min: 0, max: 0.9, noNaN: true }),
	seed: fc.integer(),
});

type Drawn = typeof plans extends fc.Arbitrary<infer T> ? T : never;

function planned({ perSecond, seconds, seed, ...rest }: Drawn): Plan {
	const random = randomOf(seed);
	const arrivals = arrivalsOf(perSecond, seconds, random);
	return { ...plain, ...rest, arrivals, random, answer: (draw) => draw() / 2 };
}

test('whatever happens, each contract that came ends once, and no limit is broken', () => {
	fc.assert(
		fc.property(plans, (draw) => {
			const plan = planned(draw);
			const { jobs, calls, most } = simulate(plan);
			expect(jobs.map(({ arrived }) => arrived)).toEqual(plan.arrivals);
			for (const { arrived, begun, finished } of jobs) {
				expect(arrived <= begun && begun <= finished).toBe(true);
			}
			expect(jobs.reduce((sum, job) => sum + job.calls, 0)).toBe(calls.length);
			expect(most).toBeLessThanOrEqual(plan.workers * plan.concurrency);
			for (const [n, at] of calls.entries()) {
				const before = calls[n - 1] ?? Number.NEGATIVE_INFINITY;
				expect(at - before).toBeGreaterThanOrEqual(1 / plan.callsPerSecond - 1e-9);
			}
		}),
		{ numRuns: 100 },
	);
});

test("Little's law: how many there are on average is how many come times how long they stay", () => {
	fc.assert(
		fc.property(plans, (draw) => {
			const { jobs, area } = simulate(planned(draw));
			const stays = jobs.reduce((sum, { arrived, finished }) => sum + finished - arrived, 0);
			expect(Math.abs(area - stays)).toBeLessThan(1e-6 * Math.max(1, stays));
		}),
		{ numRuns: 100 },
	);
});

test('the same seed gives the same run', () => {
	const draw = { ...{ perSecond: 10, seconds: 10, workers: 2, concurrency: 3, seed: 5 } };
	const rest = { callsPerSecond: 8, processor: 0.01, failures: 0.3 };
	expect(simulate(planned({ ...draw, ...rest }))).toEqual(simulate(planned({ ...draw, ...rest })));
});
