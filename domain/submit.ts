import * as advance from './advance.ts';
import type { Announce } from './announce.ts';
import type { Backlog } from './backlog.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { Change } from './move.ts';
import type { ContractStore, JobQueue } from './ports.ts';
import { createPublish } from './publish.ts';
import type { Emit, SubmissionKind } from './telemetry.ts';

export interface SubmitPorts {
	store: ContractStore;
	queue: JobQueue;
	announce: Announce;
	emit: Emit;
	/** How long a published job may take to be claimed before it is published again. */
	graceMs: number;
	/** How long "not verified" holds before it is looked up again. */
	notVerifiedMs: number;
	backlog: Pick<Backlog, 'join'>;
}

/** Answers in the order asked; the same address twice gives the same contract twice. */
export type Submit = (
	keys: readonly ContractKey[],
	kind: Exclude<SubmissionKind, 'implementation'>,
) => Promise<Contract[]>;

/**
 * Stores contracts and queues their downloads. A submission is accepted when its transaction is
 * committed; a broker that is down delays the download by the grace and loses nothing.
 */
export function createSubmit(ports: SubmitPorts): Submit {
	const publish = createPublish(ports.queue, ports.emit);

	return async (keys, kind) => {
		const refresh = kind === 'refresh';
		const estimateMs = () => ports.backlog.join();
		const decide = advance.submit({ ...ports, refresh, estimateMs });
		// By this process' clock, which may be a little off: the lock decides by the database's.
		const worthAsking = advance.submit({ ...ports, refresh });
		const known = new Map<string, Contract>();
		// Most submissions repeat one that is known: a plain read spares them the lock.
		const found = await ports.store.readContracts(keys);
		for (const contract of found) if (contract) known.set(keyText(contract), contract);

		const wanted = new Map<string, ContractKey>();
		for (const key of keys) {
			const current = known.get(keyText(key)) ?? null;
			if (worthAsking(current, new Date(), key)) wanted.set(keyText(key), key);
		}
		if (wanted.size === 0)
			ports.emit({
				type: 'contracts.submitted',
				kind,
				result: 'duplicate',
				contracts: keys.length,
			});
		else {
			const changes = await ports.store.changeContracts([...wanted.values()], decide);
			tellSubmitted(ports.emit, kind, changes, keys.length);
			for (const change of changes)
				if (change) known.set(keyText(change.contract), change.contract);
			await ports.announce.committed(changes);
			await publish(
				changes.flatMap((change) => change?.contract ?? []),
				'submitted',
			);
			await readLosers([...wanted.values()], changes, known);
		}
		return keys.map((key) => {
			const contract = known.get(keyText(key));
			if (!contract) throw new Error(`contract ${keyText(key)} vanished while it was submitted`);
			return contract;
		});
	};

	/** Somebody else submitted them between our read and our lock: theirs is the answer. */
	async function readLosers(
		keys: readonly ContractKey[],
		changes: readonly (Change | null)[],
		known: Map<string, Contract>,
	): Promise<void> {
		const losers = keys.filter((_, index) => changes[index] === null);
		if (losers.length === 0) return;
		for (const contract of await ports.store.readContracts(losers)) {
			if (contract) known.set(keyText(contract), contract);
		}
	}
}

/** Of so many contracts those that were not changed were known already. */
export function tellSubmitted(
	emit: Emit,
	kind: SubmissionKind,
	changes: readonly (Change | null)[],
	contracts = changes.length,
): void {
	const accepted = changes.filter((change) => change !== null).length;
	if (accepted > 0)
		emit({ type: 'contracts.submitted', kind, result: 'accepted', contracts: accepted });
	if (accepted < contracts)
		emit({
			type: 'contracts.submitted',
			kind,
			result: 'duplicate',
			contracts: contracts - accepted,
		});
}
