import { type ContractErrorCode, SourceError } from '../domain/errors.ts';
import type { SourceRequest, Upstream } from '../domain/ports.ts';
import type { FetchedSource, Provider } from '../domain/source.ts';
import { type FailureClass, failureWith, policyOf, UpstreamFailure } from './failure.ts';

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
			const failures: { member: Member; failure: UpstreamFailure }[] = [];
			for (const member of members) {
				try {
					const known = knownFailure(member, request);
					if (known) throw known;
					return await member.fetch({ ...request, begin }, begun !== null, signal);
				} catch (failure) {
					if (!(failure instanceof UpstreamFailure)) throw failure;
					failures.push({ member, failure });
					if (!policyOf(failure.class).next) break;
				}
			}
			const ruledOut = failures
				.filter(({ failure }) => failure.class === 'UNVERIFIED')
				.map(({ member }) => member.provider);
			throw together(
				failures.map(({ failure }) => failure),
				ruledOut,
			);
		},
	};
}

/** What needs no call. */
function knownFailure(member: Member, { key, ruledOut }: SourceRequest): UpstreamFailure | null {
	const said = (name: FailureClass) => failureWith(name, policyOf(name).sentence(member.name));
	if (!member.serves(key.chainId)) return said('CHAIN');
	return ruledOut.includes(member.provider) ? said('UNVERIFIED') : null;
}

/** The most hopeful first. */
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
/** What can be tried again comes before what is final, and what is tried sooner before what waits. */
const order = { turn: 0, 'back-off': 1, wait: 2, final: 3 } as const;

function together(
	failures: readonly UpstreamFailure[],
	ruledOut: readonly Provider[],
): SourceError {
	const [best, ...rest] = failures.toSorted(
		(a, b) =>
			order[a.followUp.kind] - order[b.followUp.kind] ||
			hope.indexOf(a.code) - hope.indexOf(b.code) ||
			(pauseOf(a) ?? 0) - (pauseOf(b) ?? 0),
	);
	if (!best) {
		return new SourceError('UNSUPPORTED_CHAIN', 'No upstream is configured.', { kind: 'final' });
	}
	const sentences = [best, ...rest].map(({ message }) => message.replace(/\.$/, ''));
	return new SourceError(best.code, `${[...new Set(sentences)].join('; ')}.`, best.followUp, {
		cause: best,
		retryable: best.retryable,
		ruledOut,
	});
}

function pauseOf({ followUp }: UpstreamFailure): number | undefined {
	return followUp.kind === 'final' ? undefined : followUp.atLeastMs;
}
