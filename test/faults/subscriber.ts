import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal, type Status } from '../../domain/status.ts';
import {
	type Transport,
	type Watch,
	type WatchedEvent,
	watch,
	watchOne,
} from '../harness/client.ts';
import type { Dice } from './dice.ts';
import { hear } from './hearing.ts';
import type { Facts, Ledger } from './ledger.ts';
import { type ServerName, serverNames } from './links.ts';
import { readAfterEvent } from './reading.ts';

/** How a subscriber behaves. */
export interface Manner {
	transport: Transport;
	/** Null: from the newest event on. */
	afterVersion: number | null;
	/** Milliseconds before it takes the next event. */
	slownessMs: number;
	/** Leaves after each event with this chance, and comes back. */
	leaves: number;
}

export interface Crowd {
	ledger: Ledger;
	dice: Dice;
	url(server: ServerName): string;
	/** Fires when everybody has to go home: whatever is open then was left waiting. */
	closing: AbortSignal;
}

type End = 'finished' | 'broken' | 'left';

interface Place {
	server: ServerName;
	/** The last version it was told. */
	cursor: number | null;
	last: Status | null;
}

/** Follows one contract until it is finished, however often the connection breaks. */
export async function follow(facts: Facts, manner: Manner, crowd: Crowd): Promise<void> {
	const { ledger, dice, closing } = crowd;
	const place: Place = {
		server: dice.pick(serverNames),
		cursor: manner.afterVersion,
		last: null,
	};
	const isDone = () => place.last !== null && isFinal(place.last);
	ledger.count('lives');
	if (manner.slownessMs > 0) ledger.count('slow lives');

	async function connectOnce(): Promise<End> {
		const variables = { address: facts.address, afterVersion: place.cursor };
		const stream = watch(manner.transport, crowd.url(place.server), watchOne, variables);
		const goHome = () => void stream.leave().catch(() => {});
		closing.addEventListener('abort', goHome, { once: true });
		try {
			return await takeAll(stream);
		} catch (error) {
			if (isRefusal(error)) ledger.count('stream refusals');
			return 'broken';
		} finally {
			closing.removeEventListener('abort', goHome);
			await stream.leave().catch(() => {});
		}
	}

	async function takeAll(stream: Watch): Promise<End> {
		for await (const event of stream) {
			await take(event);
			if (dice.chance(manner.leaves)) return 'left';
		}
		if (isDone()) return 'finished';
		if (closing.aborted) return 'left';
		const what = `${manner.transport} from ${place.server} ended after ${place.last}`;
		ledger.offend('streams', what, facts.address);
		return 'broken';
	}

	async function take(event: WatchedEvent): Promise<void> {
		const { version } = event;
		const from = `${manner.transport} from ${place.server}`;
		if (place.cursor !== null && version !== place.cursor + 1) {
			const what = `${from}: version ${version} came after ${place.cursor}`;
			ledger.offend('streams', what, facts.address);
		}
		place.cursor = version;
		place.last = hear(event, facts, ledger, from);
		if (dice.chance(0.25)) {
			const { server } = place;
			const other = server === 'server-1' ? 'server-2' : 'server-1';
			await readAfterEvent({ facts, version, server, other, url: crowd.url }, ledger, dice);
		}
		if (manner.slownessMs > 0) await sleep(manner.slownessMs);
	}

	for (;;) {
		const end = await connectOnce();
		// Whoever has seen a final event need not come back, though the stream broke before its end.
		if (end === 'finished' || isDone()) return;
		if (closing.aborted) {
			const { server, cursor } = place;
			const what = `a ${manner.transport} subscriber of ${server} with cursor ${cursor} still waited`;
			return ledger.offend('ended', what, facts.address);
		}
		ledger.count(end === 'left' ? 'leavings' : 'breaks');
		await sleep(dice.whole(50, 800));
		if (dice.chance(0.5)) place.server = dice.pick(serverNames);
		ledger.count('comebacks');
	}
}

/** GraphQL errors, in either transport; anything else is the network's. */
export function isRefusal(error: unknown): boolean {
	return Array.isArray(error) || (error instanceof Error && error.message.startsWith('['));
}
