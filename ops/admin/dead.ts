import { keyText } from '../../domain/contract.ts';
import { isFinal } from '../../domain/status.ts';
import type { Admin } from './admin.ts';
import type { DeadLetter } from './dead-letters.ts';
import { readDatabaseTime } from './find-contracts.ts';
import { isHeld } from './held.ts';
import { printable } from './output.ts';
import { Refused } from './refused.ts';

/** Which letters a person means. */
export interface Chosen {
	all?: boolean;
	id?: string[];
}

export interface Choice {
	wants(letter: DeadLetter): boolean;
	/** Refuses where a letter that was named has not been seen. */
	mustHaveSeenAll(): void;
}

/** Refuses where it is not said which, or said twice. */
export function chooser({ all, id }: Chosen): Choice {
	if (all && id) throw new Refused('Which dead letters? Either --all or --id, not both.');
	if (!all && !id) {
		throw new Refused('Which dead letters? Say --all, or --id with ids that `dead list` shows.');
	}
	const wanted = new Set(id);
	const unseen = new Set(id);
	return {
		wants(letter) {
			unseen.delete(letter.id);
			return all === true || wanted.has(letter.id);
		},
		mustHaveSeenAll() {
			if (unseen.size === 0) return;
			throw new Refused(`There is no dead letter ${[...unseen].join(', ')}: see \`dead list\`.`);
		},
	};
}

/** How the contract that a letter names stands now, in a word or two. */
export async function standing(admin: Admin, { job }: DeadLetter): Promise<string> {
	if (!job) return 'unreadable';
	const contract = await admin.store().readContract(job);
	return contract ? `${contract.status} version ${contract.version}` : 'not in the database';
}

export function letterFacts(letter: DeadLetter, contractStands: string) {
	const { id, reason, diedAt, content, job } = letter;
	return {
		id,
		reason,
		diedAt,
		contract: job ? keyText(job) : null,
		version: job?.version ?? null,
		contractStands,
		bytes: content.length,
		payload: printable(content),
	};
}

export type Requeued = 'due' | 'underWay' | 'finished' | 'unreadable' | 'unknown';

/**
 * The database is the truth, so the contract is made due; the letter itself is not needed any more. One of
 * a contract that has finished since, or that a worker downloads now, has nothing left to ask for.
 */
export async function requeueLetter(admin: Admin, { job }: DeadLetter): Promise<Requeued> {
	if (!job) return 'unreadable';
	const contract = await admin.store().readContract(job);
	if (!contract) return 'unknown';
	if (isFinal(contract.status)) return 'finished';
	const now = await readDatabaseTime(admin.database());
	if (isHeld(contract, now, admin.config.LEASE_MS)) return 'underWay';
	await admin.store().putOff([contract], 0);
	return 'due';
}
