import type { Chains } from '../../domain/chain.ts';
import type { Contract } from '../../domain/contract.ts';
import type { Asker } from '../../domain/line.ts';
import type { Position } from '../../domain/ports.ts';
import { isFinal } from '../../domain/status.ts';
import { submit } from '../../domain/submit.ts';
import { newBacklog } from '../../platform/config.ts';
import { verbOptions } from '../../platform/open.ts';
import type { Admin } from './admin.ts';
import { findContracts } from './find-contracts.ts';
import { isHeld } from './held.ts';
import { type RequeuePlan, unknownSentence } from './requeue-plan.ts';

export interface RequeueDone {
	/** Unfinished ones that are due now. */
	due: number;
	/** Finished ones that were submitted anew. */
	submitted: number;
	/** Left alone, as a worker downloads them at this moment. */
	underWay: number;
	unknown: number;
	changed: number;
	total: number;
	/** False where it was stopped half-way. */
	complete: boolean;
}

const batch = 100;

/** In batches; where it is stopped, the same command goes on with what is left. */
export async function runRequeue(admin: Admin, plan: RequeuePlan): Promise<RequeueDone> {
	// Redis is needed for finished ones only.
	let context: Awaited<ReturnType<typeof submitContext>> | null = null;
	const { total, unknown, filter, limit } = plan;
	const counts = { due: 0, submitted: 0, underWay: 0 };
	const seen = () => counts.due + counts.submitted + counts.underWay;
	let after: Position | null = null;
	let complete = false;
	while (!admin.signal.aborted) {
		const page: Contract[] = await findContracts(
			admin.database(),
			filter,
			Math.min(batch, limit - seen()),
			after,
		);
		const found = sort(page, filter.before ?? new Date(), admin.config.LEASE_MS);
		await admin.store().putOff(found.due, 0);
		if (found.submitted.length > 0) {
			context ??= await submitContext(admin);
			await submit(context, found.submitted, 'refresh', operator);
		}
		for (const kind of ['due', 'submitted', 'underWay'] as const)
			counts[kind] += found[kind].length;
		after = page.at(-1) ?? null;
		complete = page.length < batch || seen() >= limit;
		if (total > batch) admin.note(`${seen()} of ${total}`);
		if (complete) break;
	}
	return { ...counts, unknown, changed: counts.due + counts.submitted, total, complete };
}

function sort(page: readonly Contract[], now: Date, leaseMs: number) {
	const held = (contract: Contract) => isHeld(contract, now, leaseMs);
	return {
		submitted: page.filter(({ status }) => isFinal(status)),
		underWay: page.filter(held),
		due: page.filter((contract) => !isFinal(contract.status) && !held(contract)),
	};
}

/** For the domain's own verb, so that version, event, cache and feed are as after any submission. */
async function submitContext(admin: Admin) {
	const context = await admin.context();
	return {
		...context,
		...verbOptions(admin.config),
		chains: everyChain,
		backlog: { ...newBacklog(admin.config), ...(await context.store.countWaiting()) },
	};
}

/** Stands in a line of its own, as a client does, and is charged for nothing. */
const operator: Asker = {
	...{ line: 0, mostInLine: Number.POSITIVE_INFINITY },
	charge: async () => {},
	refund() {},
	ahead: () => 0,
	goesAhead: () => false,
};

/** What is in the database is submitted anew, also where its chain is not served any more. */
const everyChain: Chains = {
	list: () => [],
	get: (id) => ({ id, name: '', explorerUrl: null }),
};

export function showDone(done: RequeueDone): string {
	const lines = [
		`${done.due} made due: a worker publishes them within moments`,
		`${done.submitted} submitted anew`,
	];
	if (done.underWay > 0) lines.push(`${done.underWay} left alone: a worker downloads them now`);
	if (done.unknown > 0) lines.push(unknownSentence(done.unknown));
	if (!done.complete) lines.push('Stopped half-way: the same command goes on with the rest.');
	return lines.join('\n');
}
