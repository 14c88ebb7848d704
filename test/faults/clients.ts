import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import type { Facts, Ledger } from './ledger.ts';
import { serverNames } from './links.ts';
import type { Stage } from './stage.ts';
import { newContract, submitTo } from './submission.ts';
import { type Crowd, follow, type Manner } from './subscriber.ts';
import { followMany } from './subscriber-of-many.ts';

/** Clients: each has a seat, and takes up one thing after another until the load goes off. */
export interface Load {
	/**
	 * Nothing new is begun; resolves when every client is done, or was sent home: when `settled` has resolved
	 * and then nobody was told anything for a while.
	 */
	off(settled: Promise<unknown>): Promise<void>;
}

const recentMost = 300;
/** Of polls and back-offs, a generous many. */
const quietMs = 20_000;

export function startLoad(stage: Stage, ledger: Ledger, dice: Dice, seats: number): Load {
	const closing = new AbortController();
	const crowd: Crowd = {
		ledger,
		dice,
		url: (server) => stage.url(server),
		closing: closing.signal,
	};
	const recent: Facts[] = [];
	let on = true;

	function remember(contracts: readonly Facts[]): void {
		recent.push(...contracts);
		if (recent.length > recentMost) recent.splice(0, recent.length - recentMost);
	}

	const url = () => stage.url(dice.pick(serverNames));

	/** As a client has to that wants it done: again and again until it is accepted. */
	async function submitUntilAccepted(contracts: readonly Facts[]): Promise<void> {
		while (!closing.signal.aborted) {
			if (await submitTo(url(), contracts, false, ledger)) return remember(contracts);
			await sleep(dice.whole(100, 1_000));
		}
	}

	function manner(from: Manner['afterVersion']): Manner {
		return {
			transport: dice.chance(0.25) ? 'sse' : 'ws',
			afterVersion: from,
			slownessMs: dice.chance(0.2) ? dice.whole(200, 1_500) : 0,
			leaves: dice.chance(0.3) ? 0.4 : 0,
		};
	}

	const fresh = () => newContract(stage.emulator, ledger, dice);
	const deeds = [
		{
			// Subscribes before there is anything, and submits.
			weight: 3,
			async do() {
				const facts = fresh();
				await Promise.all([follow(facts, manner(0), crowd), submitUntilAccepted([facts])]);
			},
		},
		{
			// Submits once and looks only later, as a client that was cut off.
			weight: 2,
			async do() {
				const facts = Array.from({ length: dice.whole(1, 5) }, fresh);
				if (await submitTo(url(), facts, false, ledger)) remember(facts);
			},
		},
		{
			weight: 6,
			async do() {
				if (recent.length === 0) return;
				await follow(dice.pick(recent), manner(dice.chance(0.7) ? 0 : null), crowd);
			},
		},
		{
			weight: 1,
			async do() {
				const facts = Array.from({ length: dice.whole(2, 6) }, fresh);
				await Promise.all([followMany(facts, crowd), submitUntilAccepted(facts)]);
			},
		},
		{
			// Has one downloaded anew that others have seen finished, and watches it.
			weight: 2,
			async do() {
				const facts = recent.findLast(({ finished }) => finished && dice.chance(0.3));
				if (!facts) return;
				if (!(await submitTo(url(), [facts], true, ledger))) return;
				await follow(facts, manner(dice.chance(0.5) ? 0 : facts.accepted - 1), crowd);
			},
		},
	];

	async function sit(): Promise<void> {
		await sleep(dice.whole(0, 2_000));
		while (on) {
			await dice.weighed(deeds).do();
			await sleep(dice.whole(500, 3_000));
		}
	}

	const everybody = Promise.all(Array.from({ length: seats }, sit));
	return {
		async off(settled) {
			on = false;
			await Promise.race([everybody, settled]);
			const begun = performance.now();
			const timer = setInterval(() => {
				if (performance.now() - Math.max(begun, ledger.lastEventAt) > quietMs) closing.abort();
			}, 500);
			await everybody;
			clearInterval(timer);
		},
	};
}
