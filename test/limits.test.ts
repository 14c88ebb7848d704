import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { all, ask, watch, watchMany } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { root } from './harness/process.ts';
import { openSystem } from './harness/system.ts';

const perSecond = 5;
/** How many processes share the limit, with ten downloads at once among them, and for how many calls. */
const processes = Number(process.env['LIMITS_PROCESSES'] ?? 2);
const batches = Number(process.env['LIMITS_BATCHES'] ?? 1);

const submitMany = `mutation ($addresses: [Address!]!) {
	submitContracts(addresses: $addresses) { createdAt nextAttemptAt }
}`;

interface Submitted {
	submitContracts: { createdAt: string; nextAttemptAt: string | null }[];
}

interface Stats {
	etherscan: { calls: number; maxPerSecond: number; arrivals: number[] };
}

/** A process of its own, so that it counts calls when they come and not when a test has time for it. */
async function startUpstream() {
	const child = spawn(process.execPath, ['bench/emulator/main.ts'], { cwd: root });
	const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
	const origin = line.slice(line.indexOf('http://'));
	return {
		url: `${origin}/v2/api`,
		async stats() {
			const response = await fetch(`${origin}/emulator/stats?arrivals`);
			return ((await response.json()) as Stats).etherscan;
		},
		async [Symbol.asyncDispose]() {
			child.kill();
			await once(child, 'close');
		},
	};
}

test('ten workers together call no more often than one may', { timeout: 600_000 }, async () => {
	await using upstream = await startUpstream();
	await using system = await openSystem();
	const settings = {
		SOURCES: 'etherscan',
		ETHERSCAN_URL: upstream.url,
		ETHERSCAN_RPS: String(perSecond),
		WORKER_CONCURRENCY: String(Math.ceil(10 / processes)),
		GRACE_MS: '15000',
		LEASE_MS: '60000',
	};
	const server = await system.server(settings);
	await Promise.all(Array.from({ length: processes }, () => system.worker(settings)));
	for (let batch = 0; batch < batches; batch += 1) {
		const addresses = Array.from({ length: 60 }, () => randomAddress());
		const { data } = await ask<Submitted>(server.url, submitMany, { addresses });
		const events = await all(watch('ws', server.url, watchMany, { addresses }));
		// Waiting for a turn costs no attempt, and nobody is asked for twice.
		const ended = events.filter(({ status, attempt }) => status === 'ERROR' && attempt === 1);
		expect(ended).toHaveLength(60);
		if (batch > 0) continue;
		// Whoever stands in a long line learns how long: the last for about 60 / 5 seconds.
		const estimates = data.submitContracts.flatMap(({ createdAt, nextAttemptAt }) =>
			nextAttemptAt === null ? [] : Date.parse(nextAttemptAt) - Date.parse(createdAt),
		);
		expect(Math.max(...estimates)).toBe(12_000);
		expect(estimates).toHaveLength(36);
	}

	const { calls, maxPerSecond, arrivals } = await upstream.stats();
	expect(calls).toBe(60 * batches);
	const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000;
	const average = (arrivals.length - 1) / seconds;
	console.log(
		`${processes} processes: at most ${maxPerSecond} calls in any second, ${average.toFixed(2)} a second on average over ${seconds.toFixed(1)} s`,
	);
	// Six calls take five gaps; on a loaded machine some set out late, but never in a bunch.
	const spans = arrivals.slice(perSecond).map((at, index) => at - (arrivals[index] ?? 0));
	expect(Math.min(...spans)).toBeGreaterThan(600);
});
