import {
	BrokenCircuitError,
	CircuitState,
	ConsecutiveBreaker,
	circuitBreaker,
	handleWhen,
} from 'cockatiel';
import type { CallLimits } from '../domain/ports.ts';
import type { Reporter } from '../domain/reporter.ts';
import type { FetchedSource } from '../domain/source.ts';
import type { SourceClient } from './client.ts';
import { failureWith, policyOf, UpstreamFailure } from './failure.ts';
import type { Member } from './fallback.ts';
import type { Turn, Turns } from './turns.ts';

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
	reporter: Pick<Reporter, 'keyRests' | 'breaker'>,
): Member {
	const { provider, name } = client;
	const worked = new Set<string>();
	const breaker = circuitBreaker(handleWhen(countsForBreaker), {
		breaker: new ConsecutiveBreaker(options.breakerFailures),
		halfOpenAfter: options.breakerMs,
	});
	let pausedUntil = 0;
	breaker.onBreak(() => {
		pausedUntil = performance.now() + options.breakerMs;
		reporter.breaker(provider, 'open');
	});
	breaker.onHalfOpen(() => reporter.breaker(provider, 'half-open'));
	breaker.onReset(() => reporter.breaker(provider, 'closed'));

	function paused(): UpstreamFailure {
		const waitMs = Math.max(0, pausedUntil - performance.now());
		return failureWith('PAUSED', policyOf('PAUSED').sentence(name), { waitMs });
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
		reporter.keyRests(provider, what, { state, forMs });
		await limits.rest(what, { state, forMs });
	}

	async function call(turn: Turn, request: Parameters<Member['fetch']>[0], signal: AbortSignal) {
		await turn.start(signal);
		const { key } = turn.use;
		try {
			const source = await breaker.execute(() => client.ask(request.key, key.secret, signal));
			worked.add(key.id);
			return source;
		} catch (error) {
			if (error instanceof BrokenCircuitError) throw paused();
			if (!(error instanceof UpstreamFailure)) throw error;
			if (error.class === 'UNVERIFIED') worked.add(key.id);
			await act(turn, error);
			throw error;
		}
	}

	return {
		provider,
		name,
		serves: (chainId) => client.serves(chainId),
		async fetch(request, begun, signal): Promise<FetchedSource | null> {
			let refused: UpstreamFailure | null = null;
			// Ends when no other key is left: then there is no turn.
			for (;;) {
				if (breaker.state === CircuitState.Open && performance.now() < pausedUntil) throw paused();
				const patienceMs = options.patienceMs[begun || refused ? 'begun' : 'before'];
				const turn = await turns.take(patienceMs, signal);
				if (!(await request.begin())) {
					turn.giveBack();
					return null;
				}
				try {
					return await call(turn, request, signal);
				} catch (error) {
					if (!isOfKey(error)) throw error;
					refused = error;
				}
			}
		},
	};
}

function countsForBreaker(error: unknown): boolean {
	return error instanceof UpstreamFailure && policyOf(error.class).breaker;
}

/** Another key may do better. */
function isOfKey(error: unknown): error is UpstreamFailure {
	if (!(error instanceof UpstreamFailure)) return false;
	return ['park', 'refuse'].includes(policyOf(error.class).key);
}
