import { parseAddress } from '../../domain/address.ts';
import type { ContractKey, StatusEvent } from '../../domain/contract.ts';
import { type FollowContext, follow, followMany } from '../../domain/follow.ts';
import type { FeedListener } from '../../domain/ports.ts';
import type { Status } from '../../domain/status.ts';
import type { Emit } from '../../domain/telemetry.ts';

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
	let broken = 0;
	let hanging = false;
	const of = (wanted: ContractKey) => stored.filter(({ address }) => address === wanted.address);
	const context: FollowContext = {
		store: {
			async readNewestEvent(wanted) {
				reads += 1;
				if (hanging) await new Promise(() => {});
				return of(wanted).at(-1) ?? null;
			},
			async readEvents(wanted, after, limit) {
				reads += 1;
				if (broken-- > 0) throw new Error('away');
				const newest = of(wanted).at(-1)?.version ?? 0;
				if (newest < after) return 'ahead';
				return of(wanted)
					.filter(({ version }) => version > after)
					.slice(0, limit);
			},
		},
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
		emit,
		pollMs,
		attachMs: never,
	};
	const leaving = new AbortController();
	return {
		one: (afterVersion: number | null) => follow(context, key, afterVersion, leaving.signal),
		many: (keys: readonly ContractKey[]) => followMany(context, keys, leaving.signal),
		leave: () => leaving.abort(),
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
	};
}
