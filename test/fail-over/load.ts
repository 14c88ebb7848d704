import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'graphql-ws';
import { expect } from 'vitest';
import { ask, openWs, type WatchedEvent, watchOne } from '../harness/client.ts';
import { verified } from '../harness/contracts.ts';
import type { System } from '../harness/system.ts';
import { type Figures, figuresOf, type Timing } from './figures.ts';

const submit = `mutation ($address: Address!) { submitContract(address: $address) { version } }`;
const cached = `query ($address: Address!) { cachedContract(address: $address) { version } }`;

/** By `npm run fail-over`: with the product's own times, and for longer. */
export const long = process.env['FAIL_OVER'] === 'long';

/** What a system is opened with: in the long form the default times of the settings. */
export const times: Record<string, string> = long
	? {
			...{
				GRACE_MS: '',
				LEASE_MS: '',
				SWEEP_INTERVAL_MS: '',
				RETRY_BASE_MS: '',
				FOLLOW_POLL_MS: '',
			},
			LOG_LEVEL: 'info',
		}
	: {};

/** For a slow machine that does other things besides. */
export const patience = long ? 600_000 : 180_000;

const perSecond = 10;
/** A machine that cannot keep up with that is given no more. */
const mostOpen = 40;
const before = long ? 50 : 20;
const after = long ? 100 : 30;

/**
 * Submits contracts at a steady pace and follows each, reading it through the cache at every event; breaks something
 * in the midst of it, and goes on until contracts that were submitted after that have finished in numbers. Then every
 * contract that was accepted has to finish, with its versions in order and no answer older than an event.
 */
export async function underLoad(
	system: System,
	urls: readonly string[],
	breakIt: () => Promise<void>,
): Promise<Figures> {
	const clients = urls.flatMap((url) => [openWs(url), openWs(url)]);
	const timings: Timing[] = [];
	const older: string[] = [];
	let refused = 0;
	let sent = 0;
	let open = 0;
	const running: Promise<void>[] = [];
	const failures: unknown[] = [];

	async function one(number: number): Promise<void> {
		const address = verified(system.emulator);
		const url = urls[number % urls.length] ?? '';
		const timing: Timing = { submitted: performance.now(), finished: null };
		const answer = await ask<unknown>(url, submit, { address }).catch(() => null);
		if (!answer || answer.errors) {
			refused += 1;
			return;
		}
		timings.push(timing);
		const versions: number[] = [];
		const client = clients[number % clients.length];
		for await (const { version } of eventsOf(client, address)) {
			versions.push(version);
			// Through another server than the one that sent it.
			const other = urls[(number + 1) % urls.length] ?? '';
			const read = await ask<{ cachedContract: { version: number } }>(other, cached, { address });
			const seen = read.data?.cachedContract?.version;
			if (seen !== undefined && seen < version) older.push(`${address}: ${seen} after ${version}`);
		}
		timing.finished = performance.now();
		expect(versions).toEqual(versions.map((_, index) => index + 1));
	}

	function submitOne(): void {
		open += 1;
		const done = one(sent)
			.catch((error) => void failures.push(error))
			.finally(() => {
				open -= 1;
			});
		running.push(done);
		sent += 1;
	}

	/** Submits until so many of those submitted since then have finished. */
	async function until(since: number, count: number): Promise<void> {
		const done = () => timings.filter((one) => one.finished !== null && one.submitted > since);
		while (done().length < count && failures.length === 0) {
			if (open < mostOpen) submitOne();
			await sleep(1_000 / perSecond);
		}
	}

	await until(0, before);
	const broken = performance.now();
	const breaking = breakIt();
	await until(performance.now(), after);
	await breaking;
	await Promise.all(running);
	for (const client of clients) await client.dispose();
	expect(failures).toEqual([]);
	expect(older).toEqual([]);
	expect(timings.filter(({ finished }) => finished === null)).toEqual([]);
	return figuresOf(timings, refused, broken);
}

async function* eventsOf(client: Client | undefined, address: string) {
	const variables = { address, afterVersion: 0 };
	const results = client?.iterate<Record<string, WatchedEvent>>({ query: watchOne, variables });
	for await (const { data, errors } of results ?? []) {
		if (errors) throw new Error(JSON.stringify(errors));
		yield* Object.values(data ?? {});
	}
}

/** Resolves when all that a server stands on is there again. */
export async function untilReady(url: string): Promise<void> {
	while (!(await fetch(`${url}/readyz`)).ok) await sleep(100);
}
