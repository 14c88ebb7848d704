import DataLoader from 'dataloader';
import { and, asc, desc, eq, gt, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import {
	type Contract,
	type ContractKey,
	keyText,
	type StatusEvent,
} from '../../domain/contract.ts';
import type { ContractFilter, Position } from '../../domain/ports.ts';
import { type SourceDescription, sourceDescriptions } from '../../domain/source.ts';
import type { Database } from './connection.ts';
import { createGather } from './gather.ts';
import { among, contractOf, distinct, eventOf, inOrder, is, selectContracts } from './rows.ts';
import { storedName } from './source-name.ts';
import { contractEvents, contractSources, contracts } from './tables.ts';

type ReadContracts = (keys: readonly ContractKey[]) => Promise<(Contract | null)[]>;

/** Two queries at once: what is asked meanwhile shares the next one. */
const gathered = { atOnce: 2, most: 100 };

/** Reads contracts as they stand when it is called, or later; in the order asked. */
export function createContractReader(database: Database): ReadContracts {
	const select = createSelect(longestList, (where) =>
		selectContracts(database).where(where).prepare(),
	);

	async function read(asked: (readonly ContractKey[])[]) {
		const chains = Map.groupBy(distinct(asked.flat()).values(), ({ chainId }) => chainId);
		const rows = await Promise.all([...chains].map(([chainId, keys]) => select(chainId, keys)));
		const found = new Map(rows.flat().map((row) => [keyText(row.contract), contractOf(row)]));
		return asked.map(async (keys) => inOrder(keys, found).map((contract) => contract ?? null));
	}

	const gather = createGather(read, gathered);
	return async (keys) => (keys.length === 0 ? [] : gather(keys));
}

const longestList = 128;

/**
 * Selects rows of many addresses of a chain. The statement is built once for each power of two: a shorter list repeats
 * its last address.
 */
function createSelect<Row>(
	longest: number,
	prepare: (where: SQL | undefined) => { execute(values: Record<string, unknown>): Promise<Row[]> },
) {
	const prepared = new Map<number, ReturnType<typeof prepare>>();

	function statementFor(size: number): ReturnType<typeof prepare> {
		const before = prepared.get(size);
		if (before) return before;
		const places = Array.from({ length: size }, (_, index) => sql.placeholder(`${index}`));
		const statement = prepare(
			and(eq(contracts.chainId, sql.placeholder('chainId')), inArray(contracts.address, places)),
		);
		prepared.set(size, statement);
		return statement;
	}

	return async (chainId: number, keys: readonly ContractKey[]): Promise<Row[]> => {
		const parts = Array.from({ length: Math.ceil(keys.length / longest) }, (_, index) =>
			keys.slice(index * longest, (index + 1) * longest),
		);
		const rows = parts.map((part) => {
			const size = 2 ** Math.ceil(Math.log2(part.length));
			const values: Record<string, unknown> = { chainId };
			for (let index = 0; index < size; index += 1) {
				const address = (part[index] ?? part.at(-1))?.address;
				// What takes the place of a placeholder is sent as it is.
				values[index] = address && contracts.address.mapToDriverValue(address);
			}
			return statementFor(size).execute(values);
		});
		return (await Promise.all(rows)).flat();
	};
}

export async function listContracts(
	database: Database,
	filter: ContractFilter,
	limit: number,
	after: Position | null,
): Promise<Contract[]> {
	const { status, updatedAt, chainId, address } = contracts;
	const rows = await selectContracts(database, indexesOf(filter))
		.where(
			and(
				filter.status === undefined ? undefined : eq(status, filter.status),
				filter.chainId === undefined ? undefined : eq(chainId, filter.chainId),
				filter.name === undefined ? undefined : isNamed(filter.name),
				after
					? or(
							lt(updatedAt, after.updatedAt),
							and(eq(updatedAt, after.updatedAt), lt(chainId, after.chainId)),
							and(
								eq(updatedAt, after.updatedAt),
								eq(chainId, after.chainId),
								lt(address, after.address),
							),
						)
					: undefined,
			),
		)
		.orderBy(desc(updatedAt), desc(chainId), desc(address))
		.limit(limit);
	return rows.map(contractOf);
}

/**
 * Those whose order is that of the list, so that a page costs as much as it has rows. Left to itself MariaDB reads all
 * of a frequent status to come to a later page.
 */
function indexesOf({ status, chainId, name }: ContractFilter): string[] {
	if (name !== undefined) {
		if (status === undefined && chainId === undefined) return ['contracts_name'];
		return [
			...(status === undefined ? [] : ['contracts_name_status']),
			...(chainId === undefined ? [] : ['contracts_name_chain']),
		];
	}
	if (status === undefined)
		return [chainId === undefined ? 'contracts_updated' : 'contracts_chain'];
	return [chainId === undefined ? 'contracts_status' : 'contracts_status_chain'];
}

/** By the index, and then exactly: the databases' own comparison leaves out spaces at the end. */
function isNamed(name: string): SQL | undefined {
	const { sourceName } = contracts;
	const stored = storedName(name);
	return and(
		eq(sourceName, stored),
		sql`cast(${sourceName} as binary) = cast(convert(${stored} using utf8mb4) as binary)`,
	);
}

type ReadVersions = (keys: readonly ContractKey[]) => Promise<number[]>;

const mostVersions = 500;

/** The version each contract stands at; 0 where nobody has submitted it. */
export function createVersionReader(database: Database): ReadVersions {
	const { chainId, address, version } = contracts;
	const select = createSelect(2 ** Math.ceil(Math.log2(mostVersions)), (where) =>
		database.select({ chainId, address, version }).from(contracts).where(where).prepare(),
	);
	return async (keys) => {
		const chains = Map.groupBy(distinct(keys).values(), (key) => key.chainId);
		const rows = await Promise.all([...chains].map(([chain, those]) => select(chain, those)));
		const versions = new Map(rows.flat().map((row) => [keyText(row), row.version]));
		return inOrder(keys, versions).map((found) => found ?? 0);
	};
}

export type VersionLoader = DataLoader<ContractKey, number, string>;

/** What is asked within 5 ms is read in one query: thousands of followers ask at once when Redis is back. */
export function createVersionLoader(read: ReadVersions): VersionLoader {
	return new DataLoader<ContractKey, number, string>(read, {
		...{ cache: false, maxBatchSize: mostVersions },
		batchScheduleFn: (run) => void setTimeout(run, 5),
	});
}

export async function readEvents(
	database: Database,
	versions: VersionLoader,
	key: ContractKey,
	afterVersion: number,
	limit: number,
): Promise<StatusEvent[] | 'ahead'> {
	// Mostly there is nothing new, which one query finds out for many.
	const newest = await versions.load(key);
	if (newest <= afterVersion) return newest < afterVersion ? 'ahead' : [];
	const rows = await database
		.select()
		.from(contractEvents)
		.where(and(is(contractEvents, key), gt(contractEvents.version, afterVersion)))
		.orderBy(asc(contractEvents.version))
		.limit(limit);
	return rows.map(eventOf);
}

export async function readNewestEvent(
	database: Database,
	key: ContractKey,
): Promise<StatusEvent | null> {
	const [row] = await database
		.select()
		.from(contractEvents)
		.where(is(contractEvents, key))
		.orderBy(desc(contractEvents.version))
		.limit(1);
	return row ? eventOf(row) : null;
}

export async function readHistories(
	database: Database,
	keys: readonly ContractKey[],
): Promise<StatusEvent[][]> {
	if (keys.length === 0) return [];
	const rows = await database
		.select()
		.from(contractEvents)
		.where(among(contractEvents, keys))
		.orderBy(asc(contractEvents.version));
	const histories = Map.groupBy(rows.map(eventOf), keyText);
	return inOrder(keys, histories).map((events) => events ?? []);
}

export async function readSources(
	database: Database,
	keys: readonly ContractKey[],
	limit: number,
): Promise<SourceDescription[][]> {
	if (keys.length === 0) return [];
	const { chainId, address, hash, fetchedAt, description } = contractSources;
	// The current one first in any case: the database's clock may have been put back.
	const order = sql`${hash} = ${contracts.sourceHash} desc, ${fetchedAt} desc, ${hash}`;
	const ranked = database
		.select({
			chainId,
			address,
			description,
			place: sql<number>`row_number() over (partition by ${chainId}, ${address} order by ${order})`
				.mapWith(Number)
				.as('place'),
		})
		.from(contractSources)
		.innerJoin(contracts, and(eq(contracts.chainId, chainId), eq(contracts.address, address)))
		.where(among(contractSources, keys))
		.as('ranked');
	const rows = await database
		.select()
		.from(ranked)
		.where(lte(ranked.place, limit))
		.orderBy(ranked.place);
	const sources = Map.groupBy(rows, keyText);
	return inOrder(keys, sources).map((found = []) =>
		found.map((row) => sourceDescriptions.read(row.description)),
	);
}

export async function readSource(
	database: Database,
	key: ContractKey,
	hash: string,
): Promise<SourceDescription | null> {
	const [row] = await database
		.select({ description: contractSources.description })
		.from(contractSources)
		.where(and(is(contractSources, key), eq(contractSources.hash, hash)));
	return row ? sourceDescriptions.read(row.description) : null;
}
