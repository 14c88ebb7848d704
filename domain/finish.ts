import { announce, announceAgain, publishJobs } from './announce.ts';
import type { Context } from './context.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import { SourceError } from './errors.ts';
import type { Job } from './ports.ts';
import type { FetchedSource, SourceDescription } from './source.ts';
import { emitSubmitted } from './submit.ts';
import type { JobOutcome } from './telemetry.ts';
import {
	type Decide,
	decideFailure,
	decideRelease,
	decideSubmit,
	decideSuccess,
} from './transitions.ts';
import { pause } from './wait.ts';

export type FinishContext = Pick<
	Context,
	'store' | 'sources' | 'queue' | 'cache' | 'feed' | 'emit'
> &
	Pick<Context, 'graceMs' | 'notVerifiedMs' | 'followProxies' | 'retry'>;

/** A job that this worker has claimed. */
export interface Held {
	contract: Contract;
	lease: Lease;
	stop: AbortSignal;
}

/**
 * Stores the source, and in one transaction with its success submits what a proxy leads to. As all that ends
 * a held job it rejects only when the database fails.
 */
export async function succeed(
	context: FinishContext,
	held: Held,
	source: FetchedSource,
): Promise<JobOutcome> {
	const { contract } = held;
	await persist(() => context.sources.saveSource(source), held);
	const found = context.followProxies ? implementationsToFollow(contract, source.description) : [];
	const decide = decideSuccess(contract.version, source.description);
	return (await end(context, held, decide, found)) ? 'success' : 'superseded';
}

export async function fail(
	context: FinishContext,
	held: Held,
	failure: unknown,
): Promise<JobOutcome> {
	const { contract } = held;
	const decide = decideFailure(contract.version, failure, context.retry);
	// Without a source of its own it leads to one that has some.
	const proxy = failure instanceof SourceError ? failure.proxy : null;
	const found = context.followProxies && proxy ? implementationsToFollow(contract, proxy) : [];
	const ended = await end(context, held, decide, found);
	if (!ended) return 'superseded';
	return ended.status === 'ERROR' ? 'error' : 'retry';
}

/** For another worker, at once. */
export async function release(context: FinishContext, held: Held): Promise<JobOutcome> {
	const ended = await end(context, held, decideRelease(held.contract.version));
	if (!ended) return 'superseded';
	await publishJobs(context, [ended], 'again');
	return 'released';
}

/** Announces the newest event once more: whoever committed it may have died before. */
export async function repeatNewestEvent(context: FinishContext, job: Job): Promise<void> {
	const newest = await context.store.readNewestEvent(job);
	if (newest) await announceAgain(context, newest);
}

async function end(
	context: FinishContext,
	held: Held,
	decide: Decide,
	found: readonly ContractKey[] = [],
): Promise<Contract | null> {
	const { contract } = held;
	const submit = decideSubmit({ ...context, refresh: false, depth: contract.depth + 1 });
	const each: Decide = (current, now, key) =>
		(keyText(key) === keyText(contract) ? decide : submit)(current, now, key);
	const changes = await persist(
		() => context.store.changeContracts([contract, ...found], each),
		held,
	);
	await announce(context, changes);
	const [own, ...submitted] = changes;
	emitSubmitted(context, 'implementation', submitted);
	const implementations = submitted.flatMap((change) => change?.contract ?? []);
	await publishJobs(context, implementations, 'submitted');
	// Somebody else's now, or ours after all, with the answer to the commit lost.
	if (!own) await repeatNewestEvent(context, contract);
	return own?.contract ?? null;
}

/** A database that is away for a while does not cost what was downloaded, while the lease lasts. */
async function persist<T>(work: () => Promise<T>, { lease, stop }: Held): Promise<T> {
	for (;;) {
		try {
			return await work();
		} catch (error) {
			if (lease.isNearlyOver() || stop.aborted) throw error;
			await pause(500, stop);
		}
	}
}

/**
 * How many implementations are followed, by how many proxies led to their proxy: a diamond has dozens
 * of facets, but nobody's honest code stands behind dozens of diamonds.
 */
const mostImplementations = [100, 10, 3];

/** The implementations of a proxy that are submitted as contracts of their own, each once. */
function implementationsToFollow(
	proxy: Contract,
	{ implementations }: Pick<SourceDescription, 'implementations'>,
): ContractKey[] {
	return [...new Set(implementations)]
		.filter((address) => address !== proxy.address && !/^0x0*$/.test(address))
		.slice(0, mostImplementations[proxy.depth] ?? 0)
		.map((address) => ({ chainId: proxy.chainId, address }));
}

/** How long a worker may keep the job that it has just claimed. */
export interface Lease extends Disposable {
	/** Fires when the worker stops, and when the last fifth of the lease begins, which is for storing. */
	readonly signal: AbortSignal;
	/** Whether only a tenth of it is left. */
	isNearlyOver(): boolean;
}

export function startLease(ms: number, stop: AbortSignal): Lease {
	const started = performance.now();
	const ended = new AbortController();
	const end = () => ended.abort(stop.reason);
	stop.addEventListener('abort', end);
	if (stop.aborted) end();
	const timer = setTimeout(() => ended.abort(tooSlow()), ms * 0.8);
	return {
		signal: ended.signal,
		isNearlyOver: () => performance.now() > started + ms * 0.9,
		[Symbol.dispose]() {
			clearTimeout(timer);
			stop.removeEventListener('abort', end);
		},
	};
}

function tooSlow(): SourceError {
	const message = 'The upstreams did not answer in time.';
	return new SourceError('UPSTREAM_UNAVAILABLE', message, { kind: 'back-off' });
}
