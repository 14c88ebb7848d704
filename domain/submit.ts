import { announce, publishJobs } from './announce.ts';
import { requireServed } from './chain.ts';
import type { Context } from './context.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { SubmissionKind } from './telemetry.ts';
import { type Change, decideSubmit } from './transitions.ts';
import { pause } from './wait.ts';

/**
 * Stores contracts and queues their downloads. Answers in the order asked; the same address twice gives
 * the same contract twice. A submission is accepted when its transaction is committed; a broker that is
 * down delays the download by the grace and loses nothing. Throws a `BAD_USER_INPUT` for a chain that
 * is not served, and for none or more than 100 contracts.
 */
export async function submit(
	context: Pick<Context, 'store' | 'queue' | 'cache' | 'feed' | 'emit'> &
		Pick<Context, 'chains' | 'backlog' | 'graceMs' | 'notVerifiedMs'>,
	keys: readonly ContractKey[],
	kind: Exclude<SubmissionKind, 'implementation'>,
): Promise<Contract[]> {
	const { store, emit, graceMs, notVerifiedMs } = context;
	try {
		requireServed(context.chains, keys);
	} catch (error) {
		const contracts = Math.max(1, keys.length);
		emit({ type: 'contracts.submitted', kind, result: 'rejected', contracts });
		throw error;
	}

	// Most submissions repeat one that is known: a plain read spares them the lock.
	const found = await store.readContracts(keys);
	const known = new Map<string, Contract>();
	for (const contract of found) if (contract) known.set(keyText(contract), contract);

	const options = { refresh: kind === 'refresh', graceMs, notVerifiedMs };
	// By this process' clock, which may be a little off: the lock decides by the database's.
	const worthAsking = decideSubmit(options);
	const wanted = new Map<string, ContractKey>();
	for (const key of keys) {
		const current = known.get(keyText(key)) ?? null;
		if (worthAsking(current, new Date(), key)) wanted.set(keyText(key), key);
	}
	let changes: (Change | null)[] = [];
	if (wanted.size > 0) {
		const estimateMs = () => joinBacklog(context.backlog);
		changes = await store.changeContracts(
			[...wanted.values()],
			decideSubmit({ ...options, estimateMs }),
			{ areNew: ![...wanted.keys()].some((name) => known.has(name)) },
		);
	}
	emitSubmitted(context, kind, changes, keys.length);
	const accepted = changes.flatMap((change) => change?.contract ?? []);
	await Promise.all([announce(context, changes), publishJobs(context, accepted, 'submitted')]);

	// Somebody else submitted them between our read and our lock: theirs is the answer.
	const losers = [...wanted.values()].filter((_, index) => changes[index] === null);
	const theirs = losers.length > 0 ? await store.readContracts(losers) : [];
	for (const contract of [...accepted, ...theirs]) {
		if (contract) known.set(keyText(contract), contract);
	}
	return keys.map((key) => {
		const contract = known.get(keyText(key));
		if (!contract) throw new Error(`contract ${keyText(key)} vanished while it was submitted`);
		return contract;
	});
}

/** Of so many contracts, those that did not change were known already. */
export function emitSubmitted(
	{ emit }: Pick<Context, 'emit'>,
	kind: SubmissionKind,
	changes: readonly (Change | null)[],
	contracts = changes.length,
): void {
	const accepted = changes.filter((change) => change !== null).length;
	const counts = { accepted, duplicate: contracts - accepted };
	for (const result of ['accepted', 'duplicate'] as const) {
		if (counts[result] === 0) continue;
		emit({ type: 'contracts.submitted', kind, result, contracts: counts[result] });
	}
}

/** What waits for its turn at the upstreams, as far as one process knows. */
export interface Backlog {
	/** Contracts that are not finished and due soon. */
	waiting: number;
	/** The pace of the upstreams. */
	perSecond: number;
}

/** Counts one more contract in, and estimates the milliseconds until its turn. */
function joinBacklog(backlog: Backlog): number {
	backlog.waiting += 1;
	return (backlog.waiting * 1_000) / backlog.perSecond;
}

const countEveryMs = 2_000;

/** Counts the backlog every few seconds, until `stop` fires. */
export async function countBacklog(
	{ store, backlog }: Pick<Context, 'store' | 'backlog'>,
	stop: AbortSignal,
): Promise<void> {
	while (!stop.aborted) {
		// A database that does not answer leaves the estimate as it is.
		backlog.waiting = await store.countWaiting().catch(() => backlog.waiting);
		await pause(countEveryMs, stop);
	}
}
