import type { CallLimits, Rest } from '../domain/ports.ts';
import { patience, pause } from '../domain/wait.ts';
import type { Account } from './accounts.ts';
import { untilReset } from './asking/waiting.ts';
import { failureWith, type UpstreamFailure } from './failure.ts';

export interface TurnOptions {
	/** For sentences: Etherscan. */
	upstream: string;
	accounts: readonly Account[];
	/** For one account. */
	perSecond: number;
	/** For one account; null without a limit. */
	perDay: number | null;
}

/** The right to make one call at one moment. */
export interface Turn {
	/** What the call is made with; known for good once it has started. */
	readonly use: Usable;
	/** Waits for the moment. Rejects with the signal's reason when it fires. */
	start(signal: AbortSignal): Promise<void>;
	/** No call was made: whoever waits here takes the moment. */
	giveBack(): void;
}

export interface Turns {
	/**
	 * In the order asked. Rejects with an `UpstreamFailure` that holds an estimate where the wait would be
	 * longer than `patienceMs`.
	 */
	take(patienceMs: number, signal: AbortSignal): Promise<Turn>;
	/** The upstream says that it allows fewer calls a second. */
	slowDownTo(perSecond: number): void;
}

/** Later than this, a moment is let go: the calls would come too close together. */
const lateMs = 10;
/** A moment must be this far ahead to be handed on. */
const aheadMs = 30;

/** A key of an account. */
export interface Usable {
	name: string;
	key: Account['keys'][number];
}

interface Moment {
	at: number;
	use: Usable;
}

/** Shares the calls of the accounts of one upstream out among the downloads of this process. */
export function createTurns(options: TurnOptions, limits: CallLimits): Turns {
	let perSecond = options.perSecond;
	let waiting = 0;
	let line: Promise<void> = Promise.resolve();
	let rotation = 0;
	const spare: Moment[] = [];

	/** The keys that may be used, or how long until one may be. */
	async function usable(): Promise<Usable[]> {
		const names = options.accounts.flatMap(({ name, keys }) => [name, ...keys.map(({ id }) => id)]);
		const rests = new Map<string, Rest | null>();
		for (const [index, rest] of (await limits.resting(names)).entries()) {
			rests.set(names[index] ?? '', rest);
		}
		const found: Usable[] = [];
		const resting: Rest[] = [];
		for (const { name, keys } of options.accounts) {
			const account = rests.get(name);
			const key = keys.find(({ id }) => !rests.get(id));
			if (account) resting.push(account);
			else if (key) found.push({ name, key });
			else resting.push(...keys.flatMap(({ id }) => rests.get(id) ?? []));
		}
		if (found.length === 0) throw noKey(resting);
		rotation += 1;
		return found
			.map((_, index) => found[(index + rotation) % found.length])
			.filter((use) => use !== undefined);
	}

	function noKey(resting: readonly Rest[]): UpstreamFailure {
		const { upstream } = options;
		// A quota comes back by itself, so it is the better reason to wait.
		const parked = resting.filter(({ state }) => state === 'parked');
		const waitMs = Math.min(...(parked.length > 0 ? parked : resting).map(({ forMs }) => forMs));
		return parked.length > 0
			? failureWith('DAILY_QUOTA', `The quota at ${upstream} is spent for now.`, {
					untilResetMs: waitMs,
				})
			: failureWith('INVALID_KEY', `${upstream} refused the API keys of this server.`, { waitMs });
	}

	async function reserve(patienceMs: number, signal: AbortSignal): Promise<Moment> {
		for (;;) {
			signal.throwIfAborted();
			let again = Number.POSITIVE_INFINITY;
			for (const use of await usable()) {
				const reserved = await limits.reserve(use.name, perSecond);
				if ('againInMs' in reserved) {
					again = Math.min(again, reserved.againInMs);
					continue;
				}
				const at = performance.now() + reserved.inMs;
				if (await counted(use)) return { at, use };
				again = 0;
			}
			if (again > patienceMs) throw away(again);
			await pause(again, signal);
		}
	}

	/** False where the day's calls are spent; the account rests until they are given anew. */
	async function counted({ name }: Usable): Promise<boolean> {
		if (options.perDay === null) return true;
		if (await limits.countToday(name, options.perDay)) return true;
		await limits.rest(name, { state: 'parked', forMs: untilReset('', new Date()) });
		return false;
	}

	function away(waitMs: number): UpstreamFailure {
		return failureWith('TURN', `The download waits for its turn at ${options.upstream}.`, {
			waitMs,
		});
	}

	/** One after the other, each served before the next asks. */
	async function inLine(patienceMs: number, signal: AbortSignal): Promise<Moment> {
		const ahead = (waiting * 1000) / (perSecond * options.accounts.length);
		if (ahead > patienceMs) throw away(ahead);
		waiting += 1;
		const before = line;
		const { promise, resolve } = Promise.withResolvers<void>();
		line = promise;
		try {
			await patience(before, patienceMs, signal);
			signal.throwIfAborted();
			const left = spare.find(({ at }) => at - performance.now() > aheadMs);
			spare.length = 0;
			return left ?? (await reserve(patienceMs, signal));
		} finally {
			waiting -= 1;
			resolve();
		}
	}

	return {
		async take(patienceMs, signal) {
			let moment = await inLine(patienceMs, signal);
			return {
				get use() {
					return moment.use;
				},
				async start(until) {
					// On a machine that is always late, late has to do.
					for (let tries = 3; ; tries -= 1) {
						await pause(moment.at - performance.now(), until);
						until.throwIfAborted();
						if (performance.now() - moment.at <= lateMs || tries === 0) return;
						moment = await reserve(patienceMs, until);
					}
				},
				giveBack: () => void spare.push(moment),
			};
		},
		slowDownTo(said) {
			perSecond = Math.min(perSecond, said);
		},
	};
}
