import { announce, publishJobs } from './announce.ts';
import { requireServed } from './chain.ts';
import type { Context } from './context.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import { type Asker, join, requireRoom } from './line.ts';
import type { SubmissionKind } from './telemetry.ts';
import { type Change, decideSubmit } from './transitions.ts';

export type SubmitContext = Pick<Context, 'store' | 'queue' | 'cache' | 'feed' | 'emit'> &
	Pick<Context, 'chains' | 'backlog' | 'graceMs' | 'notVerifiedMs'>;

/**
 * Stores contracts and queues their downloads. Answers in the order asked; the same address twice gives
 * the same contract twice. A submission is accepted when its transaction is committed; a broker that is
 * down delays the download by the grace and loses nothing. What is new is charged to the asker and, where many wait
 * already, stands in its line. Throws a `BAD_USER_INPUT` for a chain that is not served, and for none or more than
 * 100 contracts; a `RATE_LIMITED`, and an `UNAUTHENTICATED`, before anything is stored.
 */
export async function submit(
	context: SubmitContext,
	keys: readonly ContractKey[],
	kind: Exclude<SubmissionKind, 'implementation'>,
	asker: Asker,
): Promise<Contract[]> {
	const { store, backlog, graceMs, notVerifiedMs } = context;
	await orRejected(context, kind, keys, () => requireServed(context.chains, keys));

	// Most submissions repeat one that is known: a plain read spares them the lock.
	const found = await store.readContracts(keys);
	const known = new Map<string, Contract>();
	for (const contract of found) if (contract) known.set(keyText(contract), contract);

	const options = { refresh: kind === 'refresh', graceMs, notVerifiedMs };
	const wanted = new Map<string, ContractKey>();
	for (const key of keys) {
		const current = known.get(keyText(key)) ?? null;
		if (isWorthSubmitting(context, kind, current, key)) wanted.set(keyText(key), key);
	}
	let changes: (Change | null)[] = [];
	if (wanted.size > 0) {
		await orRejected(context, kind, keys, () => asker.charge(wanted.size));
		try {
			await orRejected(context, kind, keys, () => requireRoom(backlog, asker, wanted.size));
			changes = await store.changeContracts(
				[...wanted.values()],
				decideSubmit({ ...options, place: () => join(backlog, asker) }),
				{ areNew: ![...wanted.keys()].some((name) => known.has(name)) },
			);
		} finally {
			asker.refund(wanted.size - changes.filter((change) => change !== null).length);
		}
	}
	emitSubmitted(context, kind, changes, keys.length);
	const accepted = changes.flatMap((change) => change?.contract ?? []);
	await Promise.all([
		announce(context, changes),
		publishJobs(
			context,
			accepted.filter(({ line }) => line === null),
			'submitted',
		),
		goAhead(context, [...known.values()], asker),
	]);

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

/** Whether anything would change. By this process' clock, which may be a little off: the lock decides by the database's. */
export function isWorthSubmitting(
	{ graceMs, notVerifiedMs }: Pick<Context, 'graceMs' | 'notVerifiedMs'>,
	kind: SubmissionKind,
	current: Contract | null,
	key: ContractKey,
): boolean {
	const options = { refresh: kind === 'refresh', graceMs, notVerifiedMs };
	return decideSubmit(options)(current, new Date(), key) !== null;
}

/** What waits in somebody else's line is due now for one who has asked for few lately: a sweeper sees to it. */
async function goAhead(
	{ store }: Pick<Context, 'store'>,
	known: readonly Contract[],
	asker: Asker,
): Promise<void> {
	const inLine = known.filter(({ line }) => line !== null && line !== asker.line);
	const due = inLine.filter(() => asker.goesAhead());
	if (due.length > 0) await store.putOff(due, 0);
}

/** Counts what is refused. */
async function orRejected(
	{ emit }: Pick<Context, 'emit'>,
	kind: SubmissionKind,
	keys: readonly ContractKey[],
	work: () => void | Promise<void>,
): Promise<void> {
	try {
		await work();
	} catch (error) {
		const contracts = Math.max(1, keys.length);
		emit({ type: 'contracts.submitted', kind, result: 'rejected', contracts });
		throw error;
	}
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
