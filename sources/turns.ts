import type { CallLimits, Rest } from '../domain/ports.ts';
import { patience, pause } from '../domain/wait.ts';
import type { Account } from './accounts.ts';
import { untilReset } from './asking/waiting.ts';
import { failureWith, policyOf, type UpstreamFailure } from './failure.ts';

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
	/** Waits for the moment, and for another where it was missed. Rejects with the signal's reason. */
	start(patienceMs: number, signal: AbortSignal): Promise<void>;
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
const handOnMs = 30;
/** Those in line never wait so long for the next moment; somebody holds it back. */
const lineMs = 2_500;
/** Limits change: what an upstream said of them is forgotten after an hour. */
const rememberMs = 3_600_000;

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
	let slow = { perSecond: options.perSecond, until: 0 };
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
		// Whichever is free first; a quota comes back by itself, so it is the better reason to wait.
		const parked = resting.filter(({ state }) => state === 'parked');
		const waitMs = Math.min(...resting.map(({ forMs }) => forMs));
		return parked.length > 0
			? failureWith('DAILY_QUOTA', `The quota at ${upstream} is spent for now.`, {
					untilResetMs: waitMs,
				})
			: failureWith('INVALID_KEY', `${upstream} refused the API keys of this server.`, { waitMs });
	}

	/** `paid`: accounts on which the call is counted already. */
	async function reserve(
		deadline: number,
		signal: AbortSignal,
		paid: Set<string> = new Set(),
	): Promise<Moment> {
		for (;;) {
			signal.throwIfAborted();
			let again = Number.POSITIVE_INFINITY;
			for (const use of await usable()) {
				const reserved = await limits.reserve(use.name, pace());
				if ('againInMs' in reserved) {
					again = Math.min(again, reserved.againInMs);
					continue;
				}
				const at = performance.now() + reserved.inMs;
				if (paid.has(use.name) || (await counted(use))) {
					paid.add(use.name);
					return { at, use };
				}
				again = 0;
			}
			if (performance.now() + again > deadline) throw again > lineMs ? heldBack(again) : away();
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

	/** Others come first; the estimate is of those who stand in line here. */
	function away(): UpstreamFailure {
		const waitMs = Math.max(aheadMs(), lineMs);
		return failureWith('TURN', `The download waits for its turn at ${options.upstream}.`, {
			waitMs,
		});
	}

	/** The upstream itself has asked for patience. */
	function heldBack(waitMs: number): UpstreamFailure {
		return failureWith('RATE_LIMIT', policyOf('RATE_LIMIT').sentence(options.upstream), { waitMs });
	}

	function aheadMs(): number {
		return (waiting * 1_000) / (pace() * options.accounts.length);
	}

	function pace(): number {
		return performance.now() < slow.until
			? Math.min(slow.perSecond, options.perSecond)
			: options.perSecond;
	}

	/** One after the other, each served before the next asks. */
	async function inLine(patienceMs: number, signal: AbortSignal): Promise<Moment> {
		const deadline = performance.now() + patienceMs;
		if (aheadMs() > patienceMs) throw away();
		waiting += 1;
		const before = line;
		const { promise, resolve } = Promise.withResolvers<void>();
		line = promise;
		try {
			await patience(before, patienceMs, signal);
			signal.throwIfAborted();
			return takeSpare() ?? (await reserve(deadline, signal));
		} finally {
			waiting -= 1;
			resolve();
		}
	}

	function takeSpare(): Moment | undefined {
		const usable = spare.filter(({ at }) => at - performance.now() > handOnMs);
		spare.splice(0, spare.length, ...usable.slice(1));
		return usable[0];
	}

	return {
		async take(patienceMs, signal) {
			let moment = await inLine(patienceMs, signal);
			const paid = new Set([moment.use.name]);
			return {
				get use() {
					return moment.use;
				},
				async start(patienceFor, until) {
					// On a machine that is always late, late has to do.
					for (let tries = 3; ; tries -= 1) {
						await pause(Math.max(0, moment.at - performance.now()), until);
						until.throwIfAborted();
						if (performance.now() - moment.at <= lateMs || tries === 0) return;
						moment = await reserve(performance.now() + patienceFor, until, paid);
					}
				},
				giveBack: () => void spare.push(moment),
			};
		},
		slowDownTo(said) {
			slow = { perSecond: said, until: performance.now() + rememberMs };
		},
	};
}
