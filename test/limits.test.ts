import { expect, test } from 'vitest';
import { all, ask, watch, watchMany } from './harness/client.ts';
import { verified } from './harness/contracts.ts';
import { openSystem } from './harness/system.ts';

const perSecond = 5;
/** How many processes share the limit, with ten downloads at once among them. */
const processes = Number(process.env['LIMITS_PROCESSES'] ?? 2);

const submitMany = `mutation ($addresses: [Address!]!) {
	submitContracts(addresses: $addresses) { createdAt nextAttemptAt }
}`;

interface Submitted {
	submitContracts: { createdAt: string; nextAttemptAt: string | null }[];
}

test('ten workers together call no more often than one may', async () => {
	await using system = await openSystem();
	const pace = { ETHERSCAN_RPS: String(perSecond) };
	const server = await system.server(pace);
	const settings = {
		...pace,
		WORKER_CONCURRENCY: String(Math.ceil(10 / processes)),
		GRACE_MS: '15000',
	};
	await Promise.all(Array.from({ length: processes }, () => system.worker(settings)));
	const addresses = Array.from({ length: 60 }, () => verified(system.emulator));
	const { data } = await ask<Submitted>(server.url, submitMany, { addresses });
	const events = await all(watch('ws', server.url, watchMany, { addresses }));
	expect(events.filter(({ status }) => status === 'SUCCESS')).toHaveLength(60);
	// Waiting for a turn costs no attempt, and nobody was downloaded twice.
	expect(events.every(({ attempt }) => attempt <= 1)).toBe(true);
	expect(system.emulator.total).toBe(60);

	// Whoever stands in a long line is told for how long: the last of 60 for about 12 seconds at 5 a second.
	const estimates = data.submitContracts.flatMap(({ createdAt, nextAttemptAt }) =>
		nextAttemptAt === null ? [] : Date.parse(nextAttemptAt) - Date.parse(createdAt),
	);
	expect(estimates.toSorted((a, b) => a - b).at(-1)).toBe(12_000);
	expect(estimates).toHaveLength(36);

	const { arrivals, maxPerSecond } = system.emulator;
	const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000;
	const average = (arrivals.length - 1) / seconds;
	console.log(
		`${processes} processes: at most ${maxPerSecond} calls in any second, ${average.toFixed(2)} a second on average over ${seconds.toFixed(1)} s`,
	);
	if (process.env['SHOW'])
		console.log('diffs', arrivals.map((a, i) => Math.round(a - (arrivals[i - 1] ?? a))).join(' '));
	// Six calls take five gaps; a loaded machine may hear of them a little late.
	const spans = arrivals.slice(perSecond).map((at, index) => at - (arrivals[index] ?? 0));
	expect(Math.min(...spans)).toBeGreaterThan(750);
});
