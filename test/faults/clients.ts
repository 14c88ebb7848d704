import { setTimeout as sleep } from 'node:timers/promises';
import { serverNames } from './links.ts';
import type { Facts, Observations } from './observations.ts';
import type { ProxiedSystem } from './proxied-system.ts';
import type { Random } from './random.ts';
import { newContract, submitTo } from './submission.ts';
import { type ClientContext, follow, type SubscriberOptions } from './subscriber.ts';
import { followMany } from './subscriber-of-many.ts';

/** Clients: each has a seat, and takes up one thing after another until the load goes off. */
export interface Load {
	/**
	 * Nothing new is begun; resolves when every client is done, or was made to leave: when `settled` has resolved
	 * and then no event came to any client for a while.
	 */
	off(settled: Promise<unknown>): Promise<void>;
}

const recentMost = 300;
/** Of polls and back-offs, a generous many. */
const quietMs = 20_000;

export function startLoad(
	system: ProxiedSystem,
	observations: Observations,
	random: Random,
	clients: number,
): Load {
	const closing = new AbortController();
	const context: ClientContext = {
		observations,
		random,
		url: (server) => system.url(server),
		closing: closing.signal,
	};
	const recent: Facts[] = [];
	let on = true;

	function remember(contracts: readonly Facts[]): void {
		recent.push(...contracts);
		if (recent.length > recentMost) recent.splice(0, recent.length - recentMost);
	}

	const url = () => system.url(random.pick(serverNames));

	/** As a client has to that wants it done: again and again until it is accepted. */
	async function submitUntilAccepted(contracts: readonly Facts[]): Promise<void> {
		while (!closing.signal.aborted) {
			if (await submitTo(url(), contracts, false, observations)) return remember(contracts);
			await sleep(random.whole(100, 1_000));
		}
	}

	function options(from: SubscriberOptions['afterVersion']): SubscriberOptions {
		return {
			transport: random.chance(0.25) ? 'sse' : 'ws',
			afterVersion: from,
			slowMs: random.chance(0.2) ? random.whole(200, 1_500) : 0,
			leaves: random.chance(0.3) ? 0.4 : 0,
		};
	}

	const fresh = () => newContract(system.emulator, observations, random);
	const actions = [
		{
			// Subscribes before there is anything, and submits.
			weight: 3,
			async do() {
				const facts = fresh();
				await Promise.all([follow(facts, options(0), context), submitUntilAccepted([facts])]);
			},
		},
		{
			// Submits once and looks only later, as a client that was cut off.
			weight: 2,
			async do() {
				const facts = Array.from({ length: random.whole(1, 5) }, fresh);
				if (await submitTo(url(), facts, false, observations)) remember(facts);
			},
		},
		{
			weight: 6,
			async do() {
				if (recent.length === 0) return;
				await follow(random.pick(recent), options(random.chance(0.7) ? 0 : null), context);
			},
		},
		{
			weight: 1,
			async do() {
				const facts = Array.from({ length: random.whole(2, 6) }, fresh);
				await Promise.all([followMany(facts, context), submitUntilAccepted(facts)]);
			},
		},
		{
			// Has one downloaded anew that others have seen finished, and watches it.
			weight: 2,
			async do() {
				const facts = recent.findLast(({ finished }) => finished && random.chance(0.3));
				if (!facts) return;
				if (!(await submitTo(url(), [facts], true, observations))) return;
				await follow(facts, options(random.chance(0.5) ? 0 : facts.accepted - 1), context);
			},
		},
	];

	async function runClient(): Promise<void> {
		await sleep(random.whole(0, 2_000));
		while (on) {
			await random.weighed(actions).do();
			await sleep(random.whole(500, 3_000));
		}
	}

	const allClients = Promise.all(Array.from({ length: clients }, runClient));
	return {
		async off(settled) {
			on = false;
			await Promise.race([allClients, settled]);
			const begun = performance.now();
			const timer = setInterval(() => {
				if (performance.now() - Math.max(begun, observations.lastEventAt) > quietMs)
					closing.abort();
			}, 500);
			await allClients;
			clearInterval(timer);
		},
	};
}
