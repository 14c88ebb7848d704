import type { ContractKey } from '../../domain/contract.ts';
import type { Status } from '../../domain/status.ts';
import type { Admin } from './admin.ts';
import type { RequeueOptions } from './contracts-requeue.ts';
import { countContracts, type OnCallFilter, readDatabaseTime } from './find-contracts.ts';
import { table } from './output.ts';

export interface RequeuePlan {
	filter: OnCallFilter;
	limit: number;
	counts: Record<Status, number>;
	/** As the limit allows. */
	total: number;
	/** Addresses that are not in the database. */
	unknown: number;
}

/** What the options mean, and how many contracts that is now. */
export async function planRequeue(
	admin: Admin,
	keys: readonly ContractKey[],
	options: RequeueOptions,
): Promise<RequeuePlan> {
	const named = keys.length > 0;
	const { status, error, olderThan, limit = Number.POSITIVE_INFINITY } = options;
	const statuses: Status[] = status ? [status] : ['CREATED', 'PROCESS', 'ERROR'];
	if (named && !status) statuses.push('SUCCESS');
	const filter: OnCallFilter = {
		keys: named ? keys : undefined,
		statuses,
		error,
		chainId: named ? undefined : options.chain,
		olderThanMs: olderThan,
		before: await readDatabaseTime(admin.database()),
	};
	const counts = { CREATED: 0, PROCESS: 0, SUCCESS: 0, ERROR: 0 };
	for (const one of statuses) {
		counts[one] = await countContracts(admin.database(), { ...filter, statuses: [one] });
	}
	const sum = Object.values(counts).reduce((a, b) => a + b, 0);
	const there = named ? await countContracts(admin.database(), { keys }) : 0;
	const unknown = new Set(keys.map((key) => `${key.chainId}:${key.address}`)).size - there;
	return { filter, limit, counts, total: Math.min(sum, limit), unknown: named ? unknown : 0 };
}

export function showPlan({ counts, total, unknown }: RequeuePlan): string {
	const rows = Object.entries(counts).map(([status, count]) => [status, String(count)]);
	const lines = [table(['STATUS', 'FOUND'], rows), '', `${total} to be downloaded.`];
	if (unknown > 0) lines.push(unknownSentence(unknown));
	return lines.join('\n');
}

export function unknownSentence(count: number): string {
	return `${count} of the addresses named ${count === 1 ? 'is' : 'are'} not in the database: submit them by submitContract.`;
}
