import { type AfterFailure, type ContractErrorCode, SourceError } from '../domain/errors.ts';
import type { Provider } from '../domain/source.ts';
import type { UpstreamFailure } from './failure.ts';

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
export function mostHopeful(
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
	});
}

/** Who only waits may have the source when those who fail have failed too often. */
function followUpOf(best: UpstreamFailure, rest: readonly UpstreamFailure[]): AfterFailure {
	const waits = rest.map(({ followUp }) => followUp).filter(({ kind }) => kind === 'wait');
	if (best.followUp.kind !== 'back-off' || waits.length === 0) return best.followUp;
	return { ...best.followUp, orElseWaitMs: Math.min(...waits.map(pauseOf)) };
}

/** A plan that leaves a chain out hides what the upstream may have; a chain that it lacks hides nothing. */
function rank(failure: UpstreamFailure): number {
	const place = hope.indexOf(failure.code);
	return failure.class === 'PLAN' ? hope.indexOf('NOT_VERIFIED') - 0.5 : place;
}

function pauseOf(followUp: AfterFailure): number {
	return followUp.kind === 'final' ? 0 : (followUp.atLeastMs ?? 0);
}
