import { SourceError } from '../domain/errors.ts';
import type { SourceRequest, Upstream } from '../domain/ports.ts';
import type { FetchedSource, Provider } from '../domain/source.ts';
import { type FailureClass, failureWith, policyOf, UpstreamFailure } from './failure.ts';
import { mostHopeful } from './most-hopeful.ts';

/** One upstream with its turns and its breaker. */
export interface Member {
	readonly provider: Provider;
	readonly name: string;
	serves(chainId: number): boolean;
	/** As of an `Upstream`; `begun`: a lease runs already, so there is little patience for a turn. */
	fetch(request: SourceRequest, begun: boolean, signal: AbortSignal): Promise<FetchedSource | null>;
}

/**
 * Asks one upstream after the other, in their order. Where none has the source the failure is the most
 * hopeful one: "not verified" only when somebody said so and nobody else could have it.
 */
export function createFallback(members: readonly Member[]): Upstream {
	return {
		async fetch(request, signal) {
			let begun: Promise<boolean> | null = null;
			// The turn at the next upstream begins nothing anew.
			const begin = () => {
				begun ??= request.begin();
				return begun;
			};
			const failures: UpstreamFailure[] = [];
			const ruledOut: Provider[] = [];
			for (const member of members) {
				try {
					const known = knownFailure(member, request);
					if (known) {
						failures.push(known);
						continue;
					}
					return await member.fetch({ ...request, begin }, begun !== null, signal);
				} catch (failure) {
					if (!(failure instanceof UpstreamFailure)) throw withRuledOut(failure, ruledOut);
					failures.push(failure);
					if (failure.class === 'UNVERIFIED') ruledOut.push(member.provider);
					if (!policyOf(failure.class).next) break;
				}
			}
			throw mostHopeful(failures, ruledOut);
		},
	};
}

/** What needs no call. */
function knownFailure(member: Member, { key, ruledOut }: SourceRequest): UpstreamFailure | null {
	const said = (name: FailureClass) => failureWith(name, policyOf(name).sentence(member.name));
	if (!member.serves(key.chainId)) return said('CHAIN');
	return ruledOut.includes(member.provider) ? said('UNVERIFIED') : null;
}

/** A lease that ends in mid attempt does not undo what was said before. */
function withRuledOut(failure: unknown, ruledOut: readonly Provider[]): unknown {
	if (!(failure instanceof SourceError)) return failure;
	const { code, message, followUp, retryable } = failure;
	return new SourceError(code, message, followUp, { cause: failure, retryable, ruledOut });
}
