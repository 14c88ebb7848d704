import {
	type CircuitBreakerPolicy,
	CircuitState,
	ConsecutiveBreaker,
	circuitBreaker,
	handleWhen,
} from 'cockatiel';
import type { Address } from '../domain/address.ts';
import { type ContractKey, keyText } from '../domain/contract.ts';
import type { CallLimits, Suspension } from '../domain/ports.ts';
import type { ProxyFacts } from '../domain/proxy.ts';
import type { FetchedSource } from '../domain/source.ts';
import type { Emit } from '../domain/telemetry.ts';
import { type UpstreamName, upstreams } from '../domain/upstreams.ts';
import { call, type SourceClient } from './call.ts';
import {
	failureOfClass,
	isOfContract,
	policyOf,
	TwinElsewhere,
	UpstreamFailure,
} from './failure.ts';
import type { HttpAnswer, HttpLimits } from './http.ts';
import { createLimited } from './limited.ts';
import type { Turn, Turns, UsableKey } from './turns.ts';

export interface UpstreamOptions {
	limits: HttpLimits;
	/** Failures one after the other until the upstream is left alone. */
	breakerFailures: number;
	/** For how long it is, until one call tries. */
	breakerMs: number;
	/** Longest wait for a turn before a download has begun, and within its lease. */
	patienceMs: { before: number; begun: number };
}

/** One upstream with its turns, its keys and its breaker. Both waits reject with the signal's reason when it fires. */
export interface Upstream {
	readonly name: UpstreamName;
	serves(chainId: number): boolean;
	/** `begun`: a lease runs already, so there is little patience. Rejects with an `UpstreamFailure` without a turn. */
	takeTurn(patience: 'before' | 'begun', signal: AbortSignal): Promise<Turn>;
	/**
	 * Makes the call of a turn; where another key or the contract's twin may do better, asks once more in a
	 * turn of its own. Rejects with an `UpstreamFailure` for every failure that is understood.
	 */
	fetch(contract: ContractKey, turn: Turn, signal: AbortSignal): Promise<FetchedSource>;
}

/** How long a key that worked before is suspended when it is refused, and one that never did. */
const hiccupMs = 60_000;
const refusedMs = 600_000;

export function createUpstream(
	client: SourceClient,
	turns: Turns,
	limits: CallLimits,
	options: UpstreamOptions,
	emit: Emit,
): Upstream {
	const { provider, title } = upstreams[client.name];
	const worked = new Set<string>();
	const limited = createLimited();
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
		const leftMs = pausedUntil - performance.now();
		const isOpen = breaker.state === CircuitState.Open && leftMs > 0;
		if (!isOpen && breaker.state !== CircuitState.HalfOpen) return;
		throw failureOfClass('PAUSED', title, { waitMs: Math.max(1_000, leftMs) });
	}

	async function takeTurn(patience: 'before' | 'begun', signal: AbortSignal): Promise<Turn> {
		throwIfPaused();
		const turn = await turns.take(options.patienceMs[patience], signal);
		if (!signal.aborted) return turn;
		turn.giveBack();
		throw signal.reason;
	}

	/** Failures that say nothing of the upstream's health are values to the breaker: it is well. */
	async function ask(contract: ContractKey, secret: string | null, signal: AbortSignal) {
		throwIfPaused();
		return breaker.execute(async () => {
			const about = { upstream: provider, endpoint: 'source', limits: options.limits } as const;
			try {
				const url = client.url(contract, secret);
				const read = (answer: HttpAnswer) => client.read(answer, contract);
				return { source: await call({ ...about, url, read }, emit, signal) };
			} catch (failure) {
				if (failure instanceof UpstreamFailure && !policyOf(failure.class).breaker)
					return { failure };
				throw failure;
			}
		});
	}

	async function askInTurn(
		turn: Turn,
		contract: ContractKey,
		signal: AbortSignal,
	): Promise<FetchedSource> {
		const use = await turn.start(options.patienceMs.begun, signal);
		const { id, secret } = use.key;
		try {
			const answer = await ask(contract, secret, signal);
			if ('failure' in answer) throw answer.failure;
			worked.add(id);
			limited.passed(use.account);
			return answer.source;
		} catch (error) {
			if (!(error instanceof UpstreamFailure)) throw error;
			if (error.class === 'UNVERIFIED') worked.add(id);
			if (isOfContract(error)) limited.passed(use.account);
			if (error.class !== 'PAUSED') await slowDown(use, contract, error);
			throw error;
		}
	}

	/** What the failure means for the calls that come after. */
	async function slowDown(
		use: UsableKey,
		contract: ContractKey,
		failure: UpstreamFailure,
	): Promise<void> {
		const { waitMs, untilResetMs, perSecond } = failure.asked;
		switch (policyOf(failure.class).key) {
			case 'slow':
				if (limited.isOfOne(use.account, keyText(contract))) return;
				if (perSecond !== null) turns.slowDownTo(perSecond);
				return limits.holdBack(use.account, Math.max(1_000, waitMs));
			case 'park':
				return suspend(use.account, { state: 'parked', forMs: untilResetMs });
			case 'refuse': {
				const forMs = worked.has(use.key.id) ? hiccupMs : refusedMs;
				return suspend(use.key.id, { state: 'refused', forMs });
			}
			case 'keep':
				return;
		}
	}

	async function suspend(account: string, suspension: Suspension): Promise<void> {
		emit({ type: 'upstream.key-suspended', upstream: provider, account, ...suspension });
		await limits.suspend(account, suspension);
	}

	return {
		name: client.name,
		serves: (chainId) => client.serves(chainId),
		takeTurn,
		async fetch(contract, first, signal) {
			let turn = first;
			let twin: Address | null = null;
			/** What the upstream says of the contract itself. */
			let proxy: ProxyFacts | null = null;
			// Ends when no other key is left: then there is no turn. A twin's twin is not followed.
			for (;;) {
				try {
					const asked = twin ? { ...contract, address: twin } : contract;
					const source = await askInTurn(turn, asked, signal);
					return twin ? sourceOfTwin(source, twin, proxy) : source;
				} catch (error) {
					if (error instanceof TwinElsewhere && !twin) ({ twin, proxy } = error);
					else if (!isOfKey(error)) throw proxy ? unverifiedProxy(error, proxy) : error;
				}
				turn = await takeTurn('begun', signal);
			}
		},
	};
}

/** Another key may do better. */
function isOfKey(error: unknown): boolean {
	if (!(error instanceof UpstreamFailure)) return false;
	return ['park', 'refuse'].includes(policyOf(error.class).key);
}

/** The twin is none, but what the contract itself leads to is known. */
function unverifiedProxy(error: unknown, proxy: ProxyFacts): unknown {
	const isUnverified = error instanceof UpstreamFailure && error.class === 'UNVERIFIED';
	return isUnverified ? new UpstreamFailure('UNVERIFIED', error.message, { proxy }) : error;
}

/** The twin's source, without what is the twin's alone. */
function sourceOfTwin(
	source: FetchedSource,
	twin: Address,
	proxy: ProxyFacts | null,
): FetchedSource {
	const description: FetchedSource['description'] = {
		...source.description,
		...{ constructorArguments: '0x', argumentsHash: null, argumentsSize: 0 },
		implementations: proxy?.implementations ?? [],
		proxyKind: proxy?.kind ?? null,
		creation: null,
		match: 'UNKNOWN',
		similarMatch: twin,
	};
	return { ...source, description, longArguments: null };
}
