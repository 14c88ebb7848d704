import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal, type Status } from '../../domain/status.ts';
import {
	type Transport,
	type Watch,
	type WatchedEvent,
	watch,
	watchOne,
} from '../harness/client.ts';
import { type ServerName, serverNames } from './links.ts';
import type { Facts, Observations } from './observations.ts';
import { observeEvent } from './observe-event.ts';
import type { Random } from './random.ts';
import { readAfterEvent } from './read-after-event.ts';

/** How a subscriber behaves. */
export interface SubscriberOptions {
	transport: Transport;
	/** Null: from the newest event on. */
	afterVersion: number | null;
	/** Milliseconds before it takes the next event. */
	slowMs: number;
	/** Leaves after each event with this chance, and comes back. */
	leaves: number;
}

export interface ClientContext {
	observations: Observations;
	random: Random;
	url(server: ServerName): string;
	/** Fires when allClients has to go home: whatever is open then was left waiting. */
	closing: AbortSignal;
}

type End = 'finished' | 'broken' | 'left';

interface Place {
	server: ServerName;
	/** The last version that it got. */
	cursor: number | null;
	last: Status | null;
}

/** Follows one contract until it is finished, however often the connection breaks. */
export async function follow(
	facts: Facts,
	options: SubscriberOptions,
	context: ClientContext,
): Promise<void> {
	const { observations, random, closing } = context;
	const place: Place = {
		server: random.pick(serverNames),
		cursor: options.afterVersion,
		last: null,
	};
	const isDone = () => place.last !== null && isFinal(place.last);
	observations.count('subscriptions');
	if (options.slowMs > 0) observations.count('slow subscriptions');

	async function connectOnce(): Promise<End> {
		const variables = { address: facts.address, afterVersion: place.cursor };
		const stream = watch(options.transport, context.url(place.server), watchOne, variables);
		const leave = () => void stream.leave().catch(() => {});
		closing.addEventListener('abort', leave, { once: true });
		try {
			return await takeAll(stream);
		} catch (error) {
			if (isRefusal(error)) observations.count('stream refusals');
			return 'broken';
		} finally {
			closing.removeEventListener('abort', leave);
			await stream.leave().catch(() => {});
		}
	}

	async function takeAll(stream: Watch): Promise<End> {
		for await (const event of stream) {
			await take(event);
			if (random.chance(options.leaves)) return 'left';
		}
		if (isDone()) return 'finished';
		if (closing.aborted) return 'left';
		const what = `${options.transport} from ${place.server} ended after ${place.last}`;
		observations.violate('streams', what, facts.address);
		return 'broken';
	}

	async function take(event: WatchedEvent): Promise<void> {
		const { version } = event;
		const from = `${options.transport} from ${place.server}`;
		if (place.cursor !== null && version !== place.cursor + 1) {
			const what = `${from}: version ${version} came after ${place.cursor}`;
			observations.violate('streams', what, facts.address);
		}
		place.cursor = version;
		place.last = observeEvent(event, facts, observations, from);
		if (random.chance(0.25)) {
			const { server } = place;
			const other = server === 'server-1' ? 'server-2' : 'server-1';
			await readAfterEvent(
				{ facts, version, server, other, url: context.url },
				observations,
				random,
			);
		}
		if (options.slowMs > 0) await sleep(options.slowMs);
	}

	for (;;) {
		const end = await connectOnce();
		// Whoever has seen a final event need not come back, though the stream broke before its end.
		if (end === 'finished' || isDone()) return;
		if (closing.aborted) {
			const { server, cursor } = place;
			const what = `a ${options.transport} subscriber of ${server} with cursor ${cursor} still waited`;
			return observations.violate('ended', what, facts.address);
		}
		observations.count(end === 'left' ? 'left early' : 'broken connections');
		await sleep(random.whole(50, 800));
		if (random.chance(0.5)) place.server = random.pick(serverNames);
		observations.count('reconnects');
	}
}

/** GraphQL errors, in either transport; anything else is the network's. */
export function isRefusal(error: unknown): boolean {
	return Array.isArray(error) || (error instanceof Error && error.message.startsWith('['));
}
