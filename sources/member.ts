import {
	type CircuitBreakerPolicy,
	CircuitState,
	ConsecutiveBreaker,
	circuitBreaker,
	handleWhen,
} from 'cockatiel';
import type { Address } from '../domain/address.ts';
import type { ContractKey } from '../domain/contract.ts';
import type { CallLimits, CallWatch } from '../domain/ports.ts';
import type { FetchedSource } from '../domain/source.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { SourceClient } from './client.ts';
import { failureWith, policyOf, UpstreamFailure } from './failure.ts';
import type { Member } from './fallback.ts';
import { outcomeOf, unwatched } from './outcome.ts';
import type { Turn, Turns } from './turns.ts';
import { sourceOfTwin, TwinElsewhere } from './twin.ts';

type Request = Parameters<Member['fetch']>[0];

export interface MemberOptions {
	/** Failures one after the other until the upstream is left alone. */
	breakerFailures: number;
	/** For how long it is, until one call tries. */
	breakerMs: number;
	/** Longest wait for a turn before a download has begun, and within its lease. */
	patienceMs: { before: number; begun: number };
}

/** How long a key that worked before rests when it is refused, and one that never did. */
const hiccupMs = 60_000;
const refusedMs = 600_000;

/** One upstream with its turns, its keys and its breaker. */
export function createMember(
	client: SourceClient,
	turns: Turns,
	limits: CallLimits,
	options: MemberOptions,
	emit: Emit,
	watch: CallWatch = unwatched,
): Member {
	const { provider, name } = client;
	const worked = new Set<string>();
	// What is not an upstream's failure proves nothing, so it must not close a breaker either.
	const unproven = () => breaker.state === CircuitState.HalfOpen;
	const breaker: CircuitBreakerPolicy = circuitBreaker(
		handleWhen((error) => error instanceof UpstreamFailure || unproven()),
		{
			breaker: new ConsecutiveBreaker(options.breakerFailures),
			halfOpenAfter: options.breakerMs,
		},
	);
	let pausedUntil = 0;
	breaker.onBreak(() => {
		pausedUntil = performance.now() + options.breakerMs;
		emit({ type: 'upstream.breaker', upstream: provider, state: 'open' });
	});
	breaker.onHalfOpen(() =>
		emit({ type: 'upstream.breaker', upstream: provider, state: 'half-open' }),
	);
	breaker.onReset(() => emit({ type: 'upstream.breaker', upstream: provider, state: 'closed' }));

	/** Nobody waits for the one call that tries: they would all call at once after it. */
	function throwIfPaused(): void {
		const waitMs = Math.max(1_000, pausedUntil - performance.now());
		const resting = breaker.state === CircuitState.Open && performance.now() < pausedUntil;
		if (!resting && breaker.state !== CircuitState.HalfOpen) return;
		throw failureWith('PAUSED', policyOf('PAUSED').sentence(name), { waitMs });
	}

	/** What the failure means for those who come after. */
	async function act({ use }: Turn, failure: UpstreamFailure): Promise<void> {
		const { waitMs, untilResetMs, perSecond } = failure.asked;
		switch (policyOf(failure.class).key) {
			case 'slow':
				if (perSecond !== null) turns.slowDownTo(perSecond);
				return limits.holdBack(use.name, Math.max(1_000, waitMs));
			case 'park':
				return rest(use.name, 'parked', untilResetMs);
			case 'refuse':
				return rest(use.key.id, 'refused', worked.has(use.key.id) ? hiccupMs : refusedMs);
			case 'keep':
				return;
		}
	}

	async function rest(what: string, state: 'parked' | 'refused', forMs: number): Promise<void> {
		emit({ type: 'upstream.key-suspended', upstream: provider, account: what, state, forMs });
		await limits.rest(what, { state, forMs });
	}

	/** Failures that say nothing of the upstream's health are values to the breaker: it is well. */
	async function ask(turn: Turn, contract: ContractKey, signal: AbortSignal) {
		throwIfPaused();
		return breaker.execute(async () => {
			try {
				const about = { upstream: provider, endpoint: 'source' } as const;
				const { secret } = turn.use.key;
				const source = await watch.call(
					about,
					(onlooker) => client.ask(contract, secret, signal, onlooker),
					outcomeOf,
				);
				return { source };
			} catch (failure) {
				if (failure instanceof UpstreamFailure && !policyOf(failure.class).breaker)
					return { failure };
				throw failure;
			}
		});
	}

	/** Its turn, and the seconds that it was waited for. */
	async function takeTurn(patienceMs: number, signal: AbortSignal) {
		const started = performance.now();
		const seconds = () => (performance.now() - started) / 1_000;
		try {
			const turn = await watch.wait(provider, () => turns.take(patienceMs, signal));
			return { turn, seconds: seconds() };
		} catch (failure) {
			const refused = failure instanceof UpstreamFailure && failure.class === 'TURN';
			if (refused) watch.waited(provider, Math.max(seconds(), failure.asked.waitMs / 1_000));
			throw failure;
		}
	}

	async function start(
		{ turn, seconds }: { turn: Turn; seconds: number },
		signal: AbortSignal,
	): Promise<void> {
		const started = performance.now();
		await watch.wait(provider, () => turn.start(options.patienceMs.begun, signal));
		watch.waited(provider, seconds + (performance.now() - started) / 1_000);
	}

	async function call(
		turn: Turn,
		contract: ContractKey,
		signal: AbortSignal,
	): Promise<FetchedSource> {
		const { id } = turn.use.key;
		try {
			const answer = await ask(turn, contract, signal);
			if ('failure' in answer) throw answer.failure;
			worked.add(id);
			return answer.source;
		} catch (error) {
			if (!(error instanceof UpstreamFailure)) throw error;
			if (error.class === 'UNVERIFIED') worked.add(id);
			if (error.class !== 'PAUSED') await act(turn, error);
			throw error;
		}
	}

	async function begun(turn: Turn, request: Request, signal: AbortSignal): Promise<boolean> {
		try {
			signal.throwIfAborted();
			if (await request.begin()) return true;
		} catch (error) {
			turn.giveBack();
			throw error;
		}
		turn.giveBack();
		return false;
	}

	return {
		provider,
		name,
		serves: (chainId) => client.serves(chainId),
		async fetch(request, hasBegun, signal): Promise<FetchedSource | null> {
			let again = hasBegun;
			let twin: Address | null = null;
			// Ends when no other key is left: then there is no turn. A twin's twin is not followed.
			for (;;) {
				throwIfPaused();
				const taken = await takeTurn(options.patienceMs[again ? 'begun' : 'before'], signal);
				if (!(await begun(taken.turn, request, signal))) return null;
				again = true;
				try {
					const key = twin ? { ...request.key, address: twin } : request.key;
					await start(taken, signal);
					const source = await call(taken.turn, key, signal);
					return twin ? sourceOfTwin(source, twin) : source;
				} catch (error) {
					if (error instanceof TwinElsewhere && !twin) twin = error.twin;
					else if (!isOfKey(error)) throw error;
				}
			}
		},
	};
}

/** Another key may do better. */
function isOfKey(error: unknown): boolean {
	if (!(error instanceof UpstreamFailure)) return false;
	return ['park', 'refuse'].includes(policyOf(error.class).key);
}
