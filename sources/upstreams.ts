import { type AfterFailure, type ContractErrorCode, SourceError } from '../domain/errors.ts';
import type { CallLimits, SourceRequest, SourceTurn, Upstreams } from '../domain/ports.ts';
import type { ProxyFacts } from '../domain/proxy.ts';
import type { Emit } from '../domain/telemetry.ts';
import {
	type Provider,
	type UpstreamName,
	type UpstreamTerms,
	upstreams,
} from '../domain/upstreams.ts';
import { createBlockscoutClient } from './blockscout/client.ts';
import type { ClientOptions, SourceClient } from './call.ts';
import { createEtherscanClient } from './etherscan/client.ts';
import { failureOfClass, policyOf, UpstreamFailure } from './failure.ts';
import { createSourcifyClient } from './sourcify/client.ts';
import { createTurns, type Turn } from './turns.ts';
import { createUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';

/** How each upstream of `domain/upstreams.ts` is spoken to. */
const clients = {
	etherscan: createEtherscanClient,
	sourcify: createSourcifyClient,
	blockscout: createBlockscoutClient,
} as const satisfies Record<UpstreamName, (options: ClientOptions) => SourceClient>;

/** One upstream of the table, with turns of its own. */
export function openUpstream(
	name: UpstreamName,
	terms: UpstreamTerms,
	options: UpstreamOptions & Pick<ClientOptions, 'maxSourceBytes'>,
	limits: CallLimits,
	emit: Emit,
): Upstream {
	const secrets = terms.keys.map(({ key }) => key);
	const client = clients[name]({ ...options, url: terms.url, secrets });
	return createUpstream(client, createTurns(name, terms, limits, emit), limits, options, emit);
}

/**
 * Asks one upstream after the other, in their order. Where none has the source the failure is the most
 * hopeful one: "not verified" only when somebody said so and nobody else could have it.
 */
export function createUpstreams(inOrder: readonly Upstream[]): Upstreams {
	return { takeTurn: (request, signal) => takeTurn(inOrder, request, signal) };
}

/** How far the search for one source has come. */
interface Search {
	request: SourceRequest;
	/** Not asked yet, in their order. */
	left: Upstream[];
	failures: UpstreamFailure[];
	/** They have said now that they hold nothing. */
	ruledOut: Provider[];
}

async function takeTurn(
	inOrder: readonly Upstream[],
	request: SourceRequest,
	signal: AbortSignal,
): Promise<SourceTurn> {
	const search: Search = { request, left: [...inOrder], failures: [], ruledOut: [] };
	const first = await nextTurn(search, 'before', signal);
	return {
		giveBack: () => first.turn.giveBack(),
		async fetch(signal) {
			for (let next = first; ; next = await nextTurn(search, 'begun', signal)) {
				try {
					return await next.upstream.fetch(request.key, next.turn, signal);
				} catch (failure) {
					goOn(search, next.upstream, failure);
				}
			}
		},
	};
}

/** The turn at the next upstream that may have the source. Throws what all failures together amount to. */
async function nextTurn(
	search: Search,
	patience: 'before' | 'begun',
	signal: AbortSignal,
): Promise<{ upstream: Upstream; turn: Turn }> {
	for (let next = search.left.shift(); next; next = search.left.shift()) {
		const known = failureWithoutCall(next, search.request);
		if (known) {
			search.failures.push(known);
			continue;
		}
		try {
			return { upstream: next, turn: await next.takeTurn(patience, signal) };
		} catch (failure) {
			goOn(search, next, failure);
		}
	}
	throw mostHopeful(search.failures, search.ruledOut);
}

function failureWithoutCall(
	{ name, serves }: Upstream,
	{ key, ruledOut }: SourceRequest,
): UpstreamFailure | null {
	const { provider, title } = upstreams[name];
	if (!serves(key.chainId)) return failureOfClass('CHAIN', title);
	return ruledOut.includes(provider) ? failureOfClass('UNVERIFIED', title) : null;
}

/** Notes what an upstream failed with. Throws where nobody else is to be asked after it. */
function goOn(search: Search, { name }: Upstream, failure: unknown): void {
	if (!(failure instanceof UpstreamFailure)) throw withRuledOut(failure, search);
	search.failures.push(failure);
	if (failure.class === 'UNVERIFIED') search.ruledOut.push(upstreams[name].provider);
	if (!policyOf(failure.class).next) search.left = [];
}

/** A lease that ends in mid attempt does not undo what was said before. */
function withRuledOut(failure: unknown, { ruledOut, failures }: Search): unknown {
	if (!(failure instanceof SourceError)) return failure;
	const { code, message, followUp, retryable } = failure;
	return new SourceError(code, message, followUp, {
		...{ cause: failure, retryable, ruledOut, proxy: proxyOf(failures) },
	});
}

/** What is said of the contract as a proxy: by the first that names where it leads, and by the first that names the kind. */
function proxyOf(failures: readonly UpstreamFailure[]): ProxyFacts | null {
	const said = failures.flatMap(({ proxy }) => proxy ?? []);
	if (said.length === 0) return null;
	const named = said.find(({ implementations }) => implementations.length > 0);
	return {
		kind: said.find(({ kind }) => kind !== null)?.kind ?? null,
		implementations: named?.implementations ?? [],
	};
}

/** The most hopeful first. "Not verified" holds only where no other upstream could have the source. */
const hope: readonly ContractErrorCode[] = [
	'UPSTREAM_UNAVAILABLE',
	'QUOTA_EXHAUSTED',
	'INVALID_API_KEY',
	'INTERNAL',
	'MALFORMED_RESPONSE',
	'SOURCE_TOO_LARGE',
	'NOT_VERIFIED',
	'UNSUPPORTED_CHAIN',
];

/** What can be tried again comes before what is final, and what is tried soon before what waits. */
const order = { turn: 0, 'back-off': 1, wait: 2, final: 3 } as const;

/** The one failure that many upstreams together amount to. */
function mostHopeful(
	failures: readonly UpstreamFailure[],
	ruledOut: readonly Provider[],
): SourceError {
	const [best, ...rest] = failures.toSorted(
		(a, b) =>
			order[a.followUp.kind] - order[b.followUp.kind] ||
			pauseOf(a.followUp) - pauseOf(b.followUp) ||
			rank(a) - rank(b),
	);
	if (!best) {
		return new SourceError('UNSUPPORTED_CHAIN', 'No upstream is configured.', { kind: 'final' });
	}
	const sentences = [best, ...rest].map(({ message }) => message.replace(/\.$/, ''));
	const message = `${[...new Set(sentences)].join('; ')}.`;
	return new SourceError(best.code, message, followUpOf(best, rest), {
		cause: best,
		retryable: best.retryable,
		ruledOut,
		proxy: proxyOf(failures),
	});
}

/** Who only waits may have the source when those who fail have failed too often. */
function followUpOf(best: UpstreamFailure, rest: readonly UpstreamFailure[]): AfterFailure {
	const { followUp } = best;
	if (followUp.kind !== 'back-off' && followUp.kind !== 'wait') return followUp;
	const waits = rest.filter(({ followUp: { kind } }) => kind === 'wait');
	if (waits.length === 0) return followUp;
	const quotas = waits.filter(({ code }) => code === 'QUOTA_EXHAUSTED');
	const orElse = quotas.length > 0 ? quotas : waits;
	const orElseWaitMs = Math.min(...orElse.map(({ followUp }) => pauseOf(followUp)));
	return { ...followUp, orElseWaitMs, orElseQuota: quotas.length > 0 };
}

/** A plan that leaves a chain out hides what the upstream may have; a chain that it lacks hides nothing. */
function rank(failure: UpstreamFailure): number {
	const place = hope.indexOf(failure.code);
	return failure.class === 'PLAN' ? hope.indexOf('NOT_VERIFIED') - 0.5 : place;
}

function pauseOf(followUp: AfterFailure): number {
	return followUp.kind === 'final' ? 0 : (followUp.atLeastMs ?? 0);
}
