import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runPhase } from './phase.ts';
import { kinds } from './schedule.ts';

const load = { rate: 20, seconds: 3, clients: 2, connections: 8, cache: 'warm' } as const;
const due = { submit: 60, contract: 30, cachedContract: 30, subscription: 30, test: 12 };

test('a small load is carried whole, and every contract is finished', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-stress-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const said: string[] = [];
	const options = { folder, workers: 1, settings: {}, pids: {} };
	const result = await runPhase(load, options, (line) => said.push(line));

	expect(result.failures).toEqual([]);
	for (const kind of kinds) {
		expect(result.rows[kind]).toMatchObject({ due: due[kind], failed: 0 });
	}
	// Each of them saw every version in order, or it would not count.
	expect(result.followed).toBe(due.subscription);
	expect(result.contracts).toMatchObject({ success: due.submit, error: 0, unfinished: 0 });
	// The warm-up has put the hot contracts into the cache, and half of the reads are of them.
	expect(result.hitRatio).toBeGreaterThanOrEqual(0.5);
	const sum = (name: 'due' | 'answered') =>
		result.moments.reduce((all, moment) => all + moment[name], 0);
	const all = Object.values(due).reduce((a, b) => a + b);
	expect([sum('due'), sum('answered')]).toEqual([all, all]);
	expect(said.at(-1)).toContain('in flight 0, following 0, waiting contracts 0');
	expect(await readFile(join(folder, 'server.log'), 'utf8')).toContain('"message":"serving"');
});
