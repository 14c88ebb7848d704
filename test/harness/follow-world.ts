import { parseAddress } from '../../domain/address.ts';
import type { ContractKey, StatusEvent } from '../../domain/contract.ts';
import { type EventStream, type FollowContext, follow } from '../../domain/follow.ts';
import { followMany } from '../../domain/follow-many.ts';
import type { FeedListener } from '../../domain/ports.ts';
import { createRounds } from '../../domain/rounds.ts';
import type { Status } from '../../domain/status.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { noReads } from './reads.ts';

export const key: ContractKey = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const never = 1_000_000;

export function event(version: number, status: Status, of = key): StatusEvent {
	const nothing = { error: null, nextAttemptAt: null, trace: null };
	return { ...of, ...nothing, version, status, attempt: 1, at: new Date(0) };
}

/** A database and a feed under the test's hand; what is stored is published only when the test says so. */
export function world(pollMs = never) {
	const stored: StatusEvent[] = [];
	const listeners = new Map<FeedListener, ContractKey>();
	const dropped: number[] = [];
	const attached = Promise.withResolvers<void>();
	const emit: Emit = () => {};
	let reads = 0;
	let looks = 0;
	let broken = 0;
	let hanging = false;
	const of = (wanted: ContractKey) => stored.filter(({ address }) => address === wanted.address);
	const store = {
		async readVersions(keys: readonly ContractKey[]) {
			looks += 1;
			if (broken-- > 0) throw new Error('away');
			return keys.map((wanted) => of(wanted).at(-1)?.version ?? 0);
		},
		async readNewestEvent(wanted: ContractKey) {
			reads += 1;
			if (hanging) await new Promise(() => {});
			return of(wanted).at(-1) ?? null;
		},
		async readEvents(wanted: ContractKey, after: number, limit: number) {
			reads += 1;
			if (broken-- > 0) throw new Error('away');
			const newest = of(wanted).at(-1)?.version ?? 0;
			if (newest < after) return 'ahead' as const;
			return of(wanted)
				.filter(({ version }) => version > after)
				.slice(0, limit);
		},
	};
	const context: FollowContext = {
		store,
		rounds: createRounds({ store, emit }, pollMs),
		feed: {
			attach(wanted, listener) {
				listeners.set(listener, wanted);
				return {
					attached: attached.promise.then(() => listener.gap()),
					detach: () => listeners.delete(listener),
				};
			},
		},
		cache: {
			async drop(_, version) {
				dropped.push(version);
			},
		},
		reads: noReads,
		emit,
		pollMs,
		attachMs: never,
	};
	const streams: EventStream[] = [];
	const opened = (stream: EventStream) => {
		streams.push(stream);
		return stream;
	};
	return {
		one: (afterVersion: number | null) => opened(follow(context, key, afterVersion)),
		many: (keys: readonly ContractKey[]) => opened(followMany(context, keys)),
		leave() {
			for (const stream of streams) void stream.return();
		},
		listeners,
		dropped,
		attach: () => attached.resolve(),
		store: (...events: StatusEvent[]) => stored.push(...events),
		publish(...events: StatusEvent[]) {
			for (const each of events) {
				for (const [listener, wanted] of listeners) {
					if (wanted.address === each.address) listener.event(each);
				}
			}
		},
		gap() {
			for (const listener of listeners.keys()) listener.gap();
		},
		breakReads(times: number) {
			broken = times;
		},
		hang() {
			hanging = true;
		},
		reads: () => reads,
		/** How often all who wait were looked after. */
		looks: () => looks,
	};
}
