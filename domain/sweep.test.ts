import { expect, test } from 'vitest';
import { parseAddress } from './address.ts';
import type { Job, TracedJob } from './ports.ts';
import { sweep } from './sweep.ts';

const job = (version: number): TracedJob => ({
	chainId: 1,
	address: parseAddress(`0x${'1'.repeat(40)}`),
	version,
	trace: null,
});

const three = () => [job(1), job(2), job(3)];

/** What became of three due jobs, by version. */
async function sweepThree({
	open = true,
	confirms = true,
	free = 0,
	depth = 0,
	due = three(),
	lines = [] as [number, number][],
	linesFail = false,
}) {
	const done = {
		published: [] as number[],
		begun: [] as number[],
		putOff: [] as number[],
		left: due,
		recalled: 0,
	};
	const versions = (jobs: readonly Job[]) => jobs.map(({ version }) => version);
	const context = {
		store: {
			takeDue: async (limit: number) => due.splice(0, limit),
			async readLines() {
				if (linesFail) throw new Error('a lock was waited for too long');
				return new Map(lines);
			},
			async takeFromLines(shares: ReadonlyMap<number, number>) {
				return [...shares].flatMap(([line, share]) => Array<TracedJob>(share).fill(job(line)));
			},
			putOff: async (jobs: readonly Job[]) => void done.putOff.push(...versions(jobs)),
			async recallLost(limit: number) {
				done.recalled += 1;
				return limit;
			},
		},
		queue: {
			isOpen: () => open,
			async depth() {
				if (Number.isNaN(depth)) throw new Error('away');
				return depth;
			},
			async publish(jobs: readonly Job[]) {
				if (!confirms) throw new Error('not confirmed');
				done.published.push(...versions(jobs));
			},
		},
		emit() {},
		graceMs: 1_000,
		leaseMs: 4_000,
		sweepBatch: 100,
		mostQueued: 10,
		nextRecall: { at: 0 },
	};
	await sweep(context, {
		free: () => free,
		begin: (jobs) => void done.begun.push(...versions(jobs)),
	});
	return { ...done, left: versions(done.left) };
}

test('due jobs are put on the queue', async () => {
	const { published, begun, left } = await sweepThree({ free: 3 });
	expect({ published, begun, left }).toEqual({ published: [1, 2, 3], begun: [], left: [] });
});

test('without a queue as many are begun here as the capacity allows, and the others stay due', async () => {
	const { published, begun, left } = await sweepThree({ open: false, free: 2 });
	expect({ published, begun, left }).toEqual({ published: [], begun: [1, 2], left: [3] });
});

test('without a queue and without capacity nothing is taken', async () => {
	expect((await sweepThree({ open: false })).left).toEqual([1, 2, 3]);
});

test('what the queue did not confirm is begun here as far as the capacity goes, the rest put off', async () => {
	const { begun, putOff } = await sweepThree({ confirms: false, free: 1 });
	expect({ begun, putOff }).toEqual({ begun: [1], putOff: [2, 3] });
});

test.each([
	['nothing is due, the queue is empty and this process is idle', { due: [], free: 1 }, 1],
	['something is due', { free: 1 }, 0],
	['jobs wait in the queue', { due: [], free: 1, depth: 1 }, 0],
	['this process is not idle', { due: [] }, 0],
	['there is no queue', { due: [], free: 1, open: false }, 0],
])('when %s, what the queue has lost is recalled or left', async (_, state, recalled) => {
	expect((await sweepThree(state)).recalled).toBe(recalled);
});

test.each([
	[
		'as many as there is room for, from each line its share',
		{ depth: 4 },
		[71, 71, 71, 72, 72, 72],
	],
	['one of them, while others keep the queue full', { depth: 10 }, [71]],
	['one of them, while the queue cannot say how full it is', { depth: Number.NaN }, [71]],
])('lines advance by %s', async (_, state, published) => {
	const lines: [number, number][] = [
		[71, 3],
		[72, 50],
	];
	const swept = await sweepThree({ ...state, due: [], lines });
	// Which line has the odd one is drawn.
	expect(swept.published.length).toBe(published.length);
	if (published.length > 1) expect(swept.published).toEqual(published);
});

test('without a queue lines advance as far as the capacity goes', async () => {
	const swept = await sweepThree({ due: [], lines: [[71, 5]], open: false, free: 2 });
	expect(swept.begun).toEqual([71, 71]);
});

test('what is due is published although lines cannot be read', async () => {
	const { published } = await sweepThree({ linesFail: true });
	expect(published).toEqual([1, 2, 3]);
});
