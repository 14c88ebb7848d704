import {
	boolean,
	customType,
	date,
	datetime,
	index,
	int,
	mysqlEnum,
	mysqlTable,
	primaryKey,
	smallint,
	tinyint,
} from 'drizzle-orm/mysql-core';
import type { Address } from '../../domain/address.ts';
import { contractErrorCodes } from '../../domain/errors.ts';
import { statuses } from '../../domain/status.ts';

/** 20 bytes in the table, 0x and 40 hex digits outside. */
const address = customType<{ data: Address; driverData: Buffer }>({
	dataType: () => 'binary(20)',
	toDriver: (value) => Buffer.from(value.slice(2), 'hex'),
	fromDriver: (bytes) => `0x${bytes.toString('hex')}` as Address,
});

/** A SHA-256: 32 bytes in the table, 64 hex digits outside. */
const sha256 = customType<{ data: string; driverData: Buffer }>({
	dataType: () => 'binary(32)',
	toDriver: (value) => Buffer.from(value, 'hex'),
	fromDriver: (bytes) => bytes.toString('hex'),
});

/** Text whose character set does not depend on the database's; bin: compared byte by byte. */
const unicode = customType<{ data: string; config: { type: string } }>({
	dataType: (config) => `${config?.type} character set utf8mb4 collate utf8mb4_bin`,
});

const longblob = customType<{ data: Buffer }>({ dataType: () => 'longblob' });

const key = {
	chainId: int('chain_id', { unsigned: true }).notNull(),
	address: address().notNull(),
};
const time = (name: string) => datetime(name, { mode: 'date', fsp: 3 });

/** A W3C `traceparent`. */
const traceParent = customType<{ data: string }>({ dataType: () => 'varchar(55)' });

const failure = {
	errorCode: mysqlEnum('error_code', contractErrorCodes),
	errorMessage: unicode('error_message', { type: 'varchar(1000)' }),
	errorRetryable: boolean('error_retryable'),
};

/** The truth about each contract. */
export const contracts = mysqlTable(
	'contracts',
	{
		...key,
		status: mysqlEnum(statuses).notNull(),
		version: int({ unsigned: true }).notNull(),
		attempts: int({ unsigned: true }).notNull(),
		failures: int({ unsigned: true }).notNull(),
		dueAt: time('due_at'),
		nextAttemptAt: time('next_attempt_at'),
		...failure,
		/** JSON of `RuledOut[]`; null for none. */
		ruledOut: unicode('ruled_out', { type: 'varchar(500)' }),
		/** JSON of `Held`. */
		held: unicode({ type: 'varchar(200)' }),
		/** JSON of `ProxyFacts`. */
		proxy: unicode({ type: 'mediumtext' }),
		depth: tinyint({ unsigned: true }).notNull().default(0),
		/** Of those that are not on the queue yet: whose line they wait in. */
		line: int({ unsigned: true }),
		/** The newest source, and its name for searching: `storedName`. */
		sourceHash: sha256('source_hash'),
		sourceName: unicode('source_name', { type: 'varchar(255)' }),
		createdAt: time('created_at').notNull(),
		updatedAt: time('updated_at').notNull(),
		/** The last accepted submission; null in rows of a release that did not write them. */
		submittedAt: time('submitted_at'),
		trace: traceParent('trace'),
	},
	(table) => [
		primaryKey({ columns: [table.chainId, table.address] }),
		index('contracts_due').on(table.dueAt),
		index('contracts_line').on(table.line, table.submittedAt),
		index('contracts_chain').on(table.chainId, table.updatedAt, table.address),
		index('contracts_updated').on(table.updatedAt, table.chainId, table.address),
		index('contracts_status').on(table.status, table.updatedAt, table.chainId, table.address),
		// For the age of the oldest that is under way and does not wait for a later attempt.
		index('contracts_submitted').on(table.status, table.submittedAt, table.nextAttemptAt),
		index('contracts_name').on(table.sourceName, table.updatedAt),
		// A pair may be rare though each of the two is frequent: lists by two filters have indexes of their own.
		index('contracts_status_chain').on(table.status, table.chainId, table.updatedAt, table.address),
		index('contracts_name_status').on(table.sourceName, table.status, table.updatedAt),
		index('contracts_name_chain').on(table.sourceName, table.chainId, table.updatedAt),
	],
);

/** Every change of a contract, written with it. */
export const contractEvents = mysqlTable(
	'contract_events',
	{
		...key,
		version: int({ unsigned: true }).notNull(),
		status: mysqlEnum(statuses).notNull(),
		attempt: int({ unsigned: true }).notNull(),
		...failure,
		nextAttemptAt: time('next_attempt_at'),
		at: time('at').notNull(),
		/** Of what caused the change. */
		trace: traceParent('trace'),
	},
	(table) => [primaryKey({ columns: [table.chainId, table.address, table.version] })],
);

/** Which sources a contract has had, from whom and when. */
export const contractSources = mysqlTable(
	'contract_sources',
	{
		...key,
		hash: sha256().notNull(),
		/** JSON of a `SourceDescription`. */
		description: unicode({ type: 'mediumtext' }).notNull(),
		fetchedAt: time('fetched_at').notNull(),
		/** Zeros for none; null in rows of a release that did not write it, until the pruner has. */
		abiHash: sha256('abi_hash'),
		/** Null for none. */
		argumentsHash: sha256('arguments_hash'),
	},
	(table) => [
		primaryKey({ columns: [table.chainId, table.address, table.hash] }),
		// For whether anything still names a source, an ABI or constructor arguments.
		index('contract_sources_hash').on(table.hash),
		index('contract_sources_abi').on(table.abiHash),
		index('contract_sources_arguments').on(table.argumentsHash),
	],
);

/** Standard JSON inputs, ABIs and long constructor arguments, compressed, once for each distinct content. */
export const sourceBlobs = mysqlTable('source_blobs', {
	hash: sha256().primaryKey(),
	/** Zstandard over UTF-8 JSON. */
	content: longblob().notNull(),
	/** Bytes before compression. */
	size: int({ unsigned: true }).notNull(),
	/** When it was last saved, within half a day: what nothing names yet is kept for a while from then on. */
	createdAt: time('created_at').notNull(),
});

/** The last day on which somebody read a contract that may be removed for want of readers. */
export const contractReads = mysqlTable(
	'contract_reads',
	{ ...key, readOn: date('read_on', { mode: 'string' }).notNull() },
	(table) => [
		primaryKey({ columns: [table.chainId, table.address] }),
		index('contract_reads_day').on(table.readOn),
	],
);

/** The highest version that a removed contract stood at, of each 65,536th part of all addresses. */
export const prunedVersions = mysqlTable('pruned_versions', {
	bucket: smallint({ unsigned: true }).primaryKey(),
	version: int({ unsigned: true }).notNull(),
});

/** The last good copy of each list of chains, by who gave it. */
export const chainLists = mysqlTable('chain_lists', {
	origin: unicode({ type: 'varchar(100)' }).primaryKey(),
	/** JSON of `Chain[]`. */
	chains: unicode({ type: 'mediumtext' }).notNull(),
	fetchedAt: time('fetched_at').notNull(),
});

/** Keys that were given to clients. */
export const apiKeys = mysqlTable('api_keys', {
	id: int({ unsigned: true }).autoincrement().primaryKey(),
	name: unicode({ type: 'varchar(100)' }).notNull(),
	/** The name, until the key is revoked. */
	current: unicode({ type: 'varchar(100)' }).unique(),
	/** SHA-256 of the key. */
	hash: sha256().notNull().unique(),
	requestsPerSecond: int('requests_per_second', { unsigned: true }),
	contractsPerHour: int('contracts_per_hour', { unsigned: true }),
	mostInLine: int('most_in_line', { unsigned: true }),
	createdAt: time('created_at').notNull(),
	revokedAt: time('revoked_at'),
});

export type ContractRow = typeof contracts.$inferSelect;
export type EventRow = typeof contractEvents.$inferSelect;
