import { and, asc, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm';
import type { ContractKey } from '../../domain/contract.ts';
import type { Job, Pruning } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { bucketOf } from './first-versions.ts';
import { among, is } from './rows.ts';
import { contractEvents, contractReads, contracts, prunedVersions } from './tables.ts';

const { chainId, address, version } = contracts;

/** As chain 0, where there are none: everything was read on the day on which reading was first noted. */
const ofAll = sql`${contractReads.chainId} = 0 and ${contractReads.address} = repeat(char(0), 20)`;
const ofThis = sql`${contractReads.chainId} = ${chainId} and ${contractReads.address} = ${address}`;

function wasRead(which: SQL, days: number): SQL {
	return sql`exists (select 1 from ${contractReads} where ${which}
		and ${contractReads.readOn} >= timestampadd(day, ${-days}, utc_date()))`;
}

/**
 * Not verified, without a source, and read by nobody on any of the last so many days. That it changed is as good as a
 * reading, and readings are noted from a day after it on: so it is a day more.
 */
function isUnread(days: number): SQL {
	const since = sql`timestampadd(day, ${-days - 1}, utc_timestamp(3))`;
	return sql`(${contracts.status} = 'ERROR' and ${contracts.errorCode} = 'NOT_VERIFIED' and ${contracts.sourceHash} is null
		and ${contracts.updatedAt} < ${since} and not ${wasRead(ofThis, days)} and not ${wasRead(ofAll, days)})`;
}

/** The fewest events that a run has: CREATED, PROCESS, and its end. */
const fewest = 3;

export async function findContracts(
	database: Database,
	...[after, limit, { notVerifiedDays, runs }]: Parameters<Pruning['findContracts']>
): ReturnType<Pruning['findContracts']> {
	const unread = notVerifiedDays > 0 ? isUnread(notVerifiedDays) : sql`false`;
	const isLong = runs > 0 ? gt(version, runs * fewest) : sql`false`;
	const rows = await database
		.select({
			...{ chainId, address, version },
			unread: sql`${unread}`.mapWith(Boolean),
			isLong: sql`${isLong}`.mapWith(Boolean),
		})
		.from(contracts, { forceIndex: ['primary'] })
		.where(
			after
				? or(
						gt(chainId, after.chainId),
						and(eq(chainId, after.chainId), gt(address, after.address)),
					)
				: undefined,
		)
		.orderBy(asc(chainId), asc(address))
		.limit(limit);
	return {
		last: rows.length < limit ? null : (rows.at(-1) ?? null),
		unread: rows.filter((row) => row.unread),
		longHistories: rows.filter((row) => row.isLong && !row.unread),
	};
}

export async function removeContracts(
	database: Database,
	...[unread, days]: Parameters<Pruning['removeContracts']>
): Promise<Job[]> {
	if (unread.length === 0) return [];
	return database.transaction(async (tx) => {
		const held = await tx
			.select({ chainId, address, version })
			.from(contracts)
			.where(and(among(contracts, unread), isUnread(days)))
			.for('update', { skipLocked: true });
		if (held.length === 0) return [];
		const highest = new Map<number, number>();
		for (const job of held) {
			const bucket = bucketOf(job);
			highest.set(bucket, Math.max(job.version, highest.get(bucket) ?? 0));
		}
		// Before they are gone: whoever finds one of them absent finds this too.
		await tx
			.insert(prunedVersions)
			.values(
				[...highest].sort(([a], [b]) => a - b).map(([bucket, top]) => ({ bucket, version: top })),
			)
			.onDuplicateKeyUpdate({
				set: {
					version: sql`greatest(${prunedVersions.version}, values(${prunedVersions.version}))`,
				},
			});
		await tx.delete(contractEvents).where(among(contractEvents, held));
		await tx.delete(contractReads).where(among(contractReads, held));
		await tx.delete(contracts).where(among(contracts, held));
		return held;
	});
}

const eventsAtOnce = 1_000;

export async function removeEvents(
	database: Database,
	...[key, runs, dryRun]: Parameters<Pruning['removeEvents']>
): Promise<number> {
	const ofContract = is(contractEvents, key);
	const [first] = await database
		.select({ version: contractEvents.version })
		.from(contractEvents)
		.where(and(ofContract, eq(contractEvents.status, 'CREATED')))
		.orderBy(desc(contractEvents.version))
		.limit(1)
		.offset(runs - 1);
	if (!first) return 0;
	const older = and(ofContract, lt(contractEvents.version, first.version));
	if (dryRun) return database.$count(contractEvents, older);
	let removed = 0;
	for (;;) {
		const [{ affectedRows }] = await database
			.delete(contractEvents)
			.where(older)
			.limit(eventsAtOnce);
		removed += affectedRows;
		if (affectedRows < eventsAtOnce) return removed;
	}
}

export async function saveReads(database: Database, keys: readonly ContractKey[]): Promise<void> {
	if (keys.length === 0) return;
	const readOn = sql`utc_date()`;
	// One order for all, so that two of them do not wait for each other in a circle.
	const sorted = [...keys].sort(
		(a, b) => a.chainId - b.chainId || (a.address < b.address ? -1 : 1),
	);
	await database
		.insert(contractReads)
		.values(sorted.map(({ chainId, address }) => ({ chainId, address, readOn })))
		.onDuplicateKeyUpdate({ set: { readOn } });
}

export async function forgetReads(
	database: Database,
	...[days, limit]: Parameters<Pruning['forgetReads']>
): Promise<number> {
	const [{ affectedRows }] = await database
		.delete(contractReads)
		.where(sql`${contractReads.readOn} < timestampadd(day, ${-days}, utc_date())`)
		.limit(limit);
	return affectedRows;
}
