import { createHash } from 'node:crypto';
import type { CallLimits, Suspension } from '../domain/ports.ts';
import type { Emit } from '../domain/telemetry.ts';
import {
	type ApiKey,
	type UpstreamName,
	type UpstreamTerms,
	upstreams,
} from '../domain/upstreams.ts';
import { patience, pause } from '../domain/wait.ts';
import { failureOfClass, UpstreamFailure } from './failure.ts';
import { untilReset } from './refusal.ts';

/** Keys whose calls an upstream counts together. */
export interface Account {
	/** Holds no key: fit for logs and for names in Redis. */
	name: string;
	/** Null: calls carry no key. */
	keys: readonly { id: string; secret: string | null }[];
}

/** No keys: one account without. */
export function accountsOf(upstream: UpstreamName, keys: readonly ApiKey[]): Account[] {
	if (keys.length === 0) return [{ name: upstream, keys: [{ id: upstream, secret: null }] }];
	return [...Map.groupBy(keys, ({ account }) => account)].map(([account, list]) => ({
		name: `${upstream}:${account}`,
		keys: list.map(({ key }) => ({ id: `${upstream}:${account}:${idOf(key)}`, secret: key })),
	}));
}

function idOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}

/** A key of an account. */
export interface UsableKey {
	account: string;
	key: Account['keys'][number];
}

/** The right to make one call in one slot. */
export interface Turn {
	/** Waits for the slot, and for another where it was missed; resolves with what the call is made with. Rejects with the signal's reason. */
	start(patienceMs: number, signal: AbortSignal): Promise<UsableKey>;
	/** No call was made: whoever waits here takes the slot. */
	giveBack(): void;
}

export interface Turns {
	/**
	 * In the order asked, or nearly so where the upstream is fast. Rejects with an `UpstreamFailure` that holds an estimate where the wait would be
	 * longer than `patienceMs`.
	 */
	take(patienceMs: number, signal: AbortSignal): Promise<Turn>;
	/** The upstream says that it allows fewer calls a second. */
	slowDownTo(perSecond: number): void;
}

/** Later than this, a slot is let go: the calls would come too close together. */
const lateMs = 10;
/** A slot must be this far ahead to be handed on. */
const handOnMs = 30;
/** Those in line never wait so long for the next slot; somebody holds it back. */
const lineMs = 2_500;
/** Calls a second that one line serves, and how many lines there are at the most. */
const perLine = 30;
const mostLines = 32;
/** Limits change: what an upstream said of them is forgotten after an hour. */
const rememberMs = 3_600_000;

interface Slot {
	at: number;
	use: UsableKey;
}

/** Shares the calls of the accounts of one upstream out among the downloads of this process. */
export function createTurns(
	name: UpstreamName,
	terms: Omit<UpstreamTerms, 'url'>,
	limits: CallLimits,
	emit: Emit,
): Turns {
	const { provider: upstream, title } = upstreams[name];
	const accounts = accountsOf(name, terms.keys);
	let slow = { perSecond: terms.perSecond, until: 0 };
	let waiting = 0;
	/** Each is the end of one of them. */
	const lines: Promise<void>[] = [];
	let arrived = 0;
	let rotation = 0;
	const givenBack: Slot[] = [];

	/** One key of each account that may be used, another account first each time. */
	async function usableKeys(): Promise<UsableKey[]> {
		const names = accounts.flatMap(({ name, keys }) => [name, ...keys.map(({ id }) => id)]);
		const states = await limits.suspensions(names);
		const suspended = new Map(names.map((name, index) => [name, states[index] ?? null]));
		const usable: UsableKey[] = [];
		const reasons: Suspension[] = [];
		for (const { name, keys } of accounts) {
			const account = suspended.get(name);
			const key = keys.find(({ id }) => !suspended.get(id));
			if (account) reasons.push(account);
			else if (key) usable.push({ account: name, key });
			else reasons.push(...keys.flatMap(({ id }) => suspended.get(id) ?? []));
		}
		if (usable.length === 0) throw noKey(reasons);
		rotation = (rotation + 1) % usable.length;
		return [...usable.slice(rotation), ...usable.slice(0, rotation)];
	}

	/** Whichever is free first; a quota comes back by itself, so it is the better reason to wait. */
	function noKey(reasons: readonly Suspension[]): UpstreamFailure {
		const waitMs = Math.min(...reasons.map(({ forMs }) => forMs));
		if (reasons.some(({ state }) => state === 'parked')) {
			const message = `The quota at ${title} is spent for now.`;
			return new UpstreamFailure('DAILY_QUOTA', message, { untilResetMs: waitMs });
		}
		const message = `${title} refused the API keys of this server.`;
		return new UpstreamFailure('INVALID_KEY', message, { waitMs });
	}

	/** `counted`: accounts whose quota of the day has this call in it already. */
	async function reserve(
		deadline: number,
		signal: AbortSignal,
		counted: Set<string> = new Set(),
	): Promise<Slot> {
		for (;;) {
			signal.throwIfAborted();
			let againInMs = Number.POSITIVE_INFINITY;
			for (const use of await usableKeys()) {
				const reserved = await limits.reserve(use.account, callsPerSecond());
				if ('againInMs' in reserved) {
					againInMs = Math.min(againInMs, reserved.againInMs);
					continue;
				}
				const at = performance.now() + reserved.inMs;
				if (counted.has(use.account) || (await countToday(use.account))) {
					counted.add(use.account);
					return { at, use };
				}
				againInMs = 0;
			}
			if (performance.now() + againInMs > deadline) {
				// So long a wait was asked for by the upstream itself.
				throw againInMs > lineMs
					? failureOfClass('RATE_LIMIT', title, { waitMs: againInMs })
					: waitForTurn();
			}
			await pause(againInMs, signal);
		}
	}

	/** False where the day's calls are spent; the account is parked until they are given anew. */
	async function countToday(account: string): Promise<boolean> {
		if (terms.perDay === null) return true;
		if (await limits.countToday(account, terms.perDay)) return true;
		await limits.suspend(account, { state: 'parked', forMs: untilReset('', new Date()) });
		return false;
	}

	/** Others come first; the estimate is of those who stand in line here. */
	function waitForTurn(): UpstreamFailure {
		return failureOfClass('TURN', title, { waitMs: Math.max(aheadMs(), lineMs) });
	}

	function aheadMs(): number {
		return (waiting * 1_000) / (callsPerSecond() * accounts.length);
	}

	function callsPerSecond(): number {
		return performance.now() < slow.until
			? Math.min(slow.perSecond, terms.perSecond)
			: terms.perSecond;
	}

	/** One line for a slow upstream. One for a fast one would be only as fast as Redis answers. */
	function nextLine(): number {
		const count = Math.min(mostLines, Math.ceil((callsPerSecond() * accounts.length) / perLine));
		arrived += 1;
		return arrived % Math.max(1, count);
	}

	/** One after the other, each served before the next asks. */
	async function waitInLine(patienceMs: number, signal: AbortSignal): Promise<Slot> {
		const deadline = performance.now() + patienceMs;
		if (aheadMs() > patienceMs) throw waitForTurn();
		waiting += 1;
		const line = nextLine();
		const before = lines[line] ?? Promise.resolve();
		const { promise, resolve } = Promise.withResolvers<void>();
		lines[line] = promise;
		try {
			await patience(before, patienceMs, signal);
			signal.throwIfAborted();
			return takeGivenBack() ?? (await reserve(deadline, signal));
		} finally {
			waiting -= 1;
			resolve();
		}
	}

	function takeGivenBack(): Slot | undefined {
		const inTime = givenBack.filter(({ at }) => at - performance.now() > handOnMs);
		givenBack.splice(0, givenBack.length, ...inTime.slice(1));
		return inTime[0];
	}

	/** Runs one wait, emits it, and says how many seconds it took. */
	async function timed<T>(wait: () => Promise<T>): Promise<{ result: T; seconds: number }> {
		const started = performance.now();
		const ended = (error?: unknown) => {
			const seconds = (performance.now() - started) / 1_000;
			emit({ type: 'upstream.wait-ended', upstream, seconds, error });
			return seconds;
		};
		try {
			const result = await wait();
			return { result, seconds: ended() };
		} catch (error) {
			ended(error);
			throw error;
		}
	}

	/** What the wait would have been counts as well as what it was. */
	async function firstSlot(patienceMs: number, signal: AbortSignal) {
		const started = performance.now();
		try {
			return await timed(() => waitInLine(patienceMs, signal));
		} catch (error) {
			if (error instanceof UpstreamFailure && error.class === 'TURN') {
				const ms = Math.max(performance.now() - started, error.asked.waitMs);
				emit({ type: 'upstream.waited', upstream, seconds: ms / 1_000 });
			}
			throw error;
		}
	}

	return {
		async take(patienceMs, signal) {
			const waited = await firstSlot(patienceMs, signal);
			let slot = waited.result;
			const counted = new Set([slot.use.account]);

			async function startIn(patienceMs: number, signal: AbortSignal): Promise<void> {
				// On a machine that is always late, late has to do.
				for (let tries = 3; ; tries -= 1) {
					await pause(Math.max(0, slot.at - performance.now()), signal);
					signal.throwIfAborted();
					if (performance.now() - slot.at <= lateMs || tries === 0) return;
					slot = await reserve(performance.now() + patienceMs, signal, counted);
				}
			}

			return {
				async start(patienceMs, signal) {
					const { seconds } = await timed(() => startIn(patienceMs, signal));
					emit({ type: 'upstream.waited', upstream, seconds: waited.seconds + seconds });
					return slot.use;
				},
				giveBack: () => void givenBack.push(slot),
			};
		},
		slowDownTo(perSecond) {
			slow = { perSecond, until: performance.now() + rememberMs };
		},
	};
}
