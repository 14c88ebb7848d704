import { and, eq, inArray, or, type SQL } from 'drizzle-orm';
import {
	type Contract,
	type ContractKey,
	held as heldFormat,
	keyText,
	ruledOutList,
	type StatusEvent,
} from '../../domain/contract.ts';
import type { ContractError } from '../../domain/errors.ts';
import { proxy as proxyFormat } from '../../domain/proxy.ts';
import { sourceDescriptions } from '../../domain/source.ts';
import type { Database } from './connection.ts';
import { cut, storedName } from './source-name.ts';
import {
	type ContractRow,
	type contractEvents,
	type contractReads,
	contractSources,
	contracts,
	type EventRow,
} from './tables.ts';

/** Contracts with the description of their newest source; found by one of these indexes, where some are named. */
export function selectContracts(
	database: Pick<Database, 'select'>,
	indexes: readonly string[] = [],
) {
	return database
		.select({ contract: contracts, description: contractSources.description })
		.from(contracts, indexes.length > 0 ? { forceIndex: [...indexes] } : undefined)
		.leftJoin(
			contractSources,
			and(
				eq(contractSources.chainId, contracts.chainId),
				eq(contractSources.address, contracts.address),
				eq(contractSources.hash, contracts.sourceHash),
			),
		)
		.$dynamic();
}

type Keyed =
	| typeof contracts
	| typeof contractEvents
	| typeof contractReads
	| typeof contractSources;

export function is(table: Keyed, key: ContractKey): SQL | undefined {
	return and(eq(table.chainId, key.chainId), eq(table.address, key.address));
}

export function among(table: Keyed, keys: readonly ContractKey[]): SQL | undefined {
	const chains = Map.groupBy(distinct(keys).values(), (key) => key.chainId);
	const parts = [...chains].map(([chainId, group]) =>
		and(
			eq(table.chainId, chainId),
			inArray(
				table.address,
				group.map((key) => key.address),
			),
		),
	);
	return or(...parts);
}

/** Each key once, by its text. */
export function distinct(keys: readonly ContractKey[]): Map<string, ContractKey> {
	return new Map(keys.map((key) => [keyText(key), key]));
}

/** What was found of each key that was asked for, in that order. */
export function inOrder<T>(keys: readonly ContractKey[], found: Map<string, T>): (T | undefined)[] {
	return keys.map((key) => found.get(keyText(key)));
}

export function contractOf({
	contract,
	description,
}: {
	contract: ContractRow;
	description: string | null;
}): Contract {
	const { ruledOut, held, proxy, sourceHash, sourceName, ...row } = contract;
	return {
		...withError(row),
		ruledOut: ruledOut === null ? [] : ruledOutList.parse(JSON.parse(ruledOut)),
		held: held === null ? null : heldFormat.parse(JSON.parse(held)),
		proxy: proxy === null ? null : proxyFormat.parse(JSON.parse(proxy)),
		source: description === null ? null : sourceDescriptions.read(description),
	};
}

export function rowOf({
	error,
	ruledOut,
	held,
	proxy,
	source,
	...contract
}: Contract): ContractRow {
	return {
		...contract,
		...columnsOf(error),
		ruledOut: ruledOut.length === 0 ? null : JSON.stringify(ruledOut),
		held: held && JSON.stringify(held),
		proxy: proxy && JSON.stringify(proxy),
		sourceHash: source?.hash ?? null,
		sourceName: source ? storedName(source.name) : null,
	};
}

export function eventOf(row: EventRow): StatusEvent {
	return withError(row);
}

export function rowOfEvent({ error, ...event }: StatusEvent): EventRow {
	return { ...event, ...columnsOf(error) };
}

type ErrorColumns = Pick<ContractRow, 'errorCode' | 'errorMessage' | 'errorRetryable'>;

function withError<Row extends ErrorColumns>(row: Row) {
	const { errorCode, errorMessage, errorRetryable, ...rest } = row;
	const error: ContractError | null = errorCode && {
		code: errorCode,
		message: errorMessage ?? '',
		retryable: errorRetryable ?? false,
	};
	return { ...rest, error };
}

function columnsOf(error: ContractError | null): ErrorColumns {
	return {
		errorCode: error?.code ?? null,
		errorMessage: error ? cut(error.message, 1000) : null,
		errorRetryable: error?.retryable ?? null,
	};
}
