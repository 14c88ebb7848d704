import type { Connection, RowDataPacket } from 'mysql2/promise';
import { blobsOfAll, contractSourcesOfAll, contractsOf, eventsOfAll, sourcesOf } from './rows.ts';

/** A real source with its ABI, as the product has stored it: what the made-up ones are copies of. */
export interface Template {
	hash: string;
	abiHash: string;
	name: string;
	description: string;
	content: Buffer;
	size: number;
	abi: Buffer;
	abiSize: number;
}

/** Of what a real worker has stored in a database. */
export async function templatesOf(
	query: <T>(sql: string) => Promise<T[]>,
): Promise<readonly Template[]> {
	return query<Template>(`
		select min(lower(hex(d.hash))) as hash, min(json_value(d.description, '$.abiHash')) as abiHash,
			min(json_value(d.description, '$.name')) as name, min(d.description) as description,
			min(s.content) as content, min(s.size) as size, min(a.content) as abi, min(a.size) as abiSize
		from contract_sources d
		join source_blobs s on s.hash = d.hash
		join source_blobs a on a.hash = unhex(json_value(d.description, '$.abiHash'))
		group by d.hash`);
}

interface IndexRow extends RowDataPacket {
	name: string;
	columns: string;
}

/**
 * Fills an empty database of ours. Rows come in the order of their keys and indexes are built at the end, so that ten
 * million take minutes; pages are fuller than those that grew row by row.
 */
export async function fillDatabase(
	connection: Connection,
	count: number,
	templates: readonly Template[],
	say: (line: string) => void,
): Promise<void> {
	await connection.query('set session unique_checks = 0, foreign_key_checks = 0');
	await connection.query(`create or replace table fill_templates (id int primary key, hash char(64), abi_hash char(64),
		name varchar(255), description mediumtext, content longblob, size int, abi longblob, abi_size int)
		character set utf8mb4 collate utf8mb4_bin`);
	for (const [id, one] of templates.entries()) {
		const { hash, abiHash, name, description, content, size, abi, abiSize } = one;
		const values = [id, hash, abiHash, name, description, content, size, abi, abiSize];
		await connection.query('insert into fill_templates values (?)', [values]);
	}
	await connection.query(`create or replace table fill_sources (number int primary key, hash binary(32) unique,
		abi_hash binary(32), name varchar(255), template int) character set utf8mb4 collate utf8mb4_bin
		as ${sourcesOf(count, templates.length)}`);
	const [indexes] = await connection.query<IndexRow[]>(
		`select index_name as name, group_concat(concat('\`', column_name, '\`') order by seq_in_index) as columns
		from information_schema.statistics
		where table_schema = database() and table_name = 'contracts' and index_name <> 'PRIMARY' group by index_name`,
	);
	const each = (part: (index: IndexRow) => string) => indexes.map(part).join(', ');
	await connection.query(`alter table contracts ${each(({ name }) => `drop index ${name}`)}`);
	const steps: [what: string, sql: string][] = [
		['contracts', insert('contracts', contractsOf(count))],
		[
			'indexes',
			`alter table contracts ${each(({ name, columns }) => `add index ${name} (${columns})`)}`,
		],
		['contract_events', insert('contract_events', eventsOfAll)],
		['contract_sources', insert('contract_sources', contractSourcesOfAll)],
		['source_blobs', insert('source_blobs', blobsOfAll)],
		['statistics', 'analyze table contracts, contract_events, contract_sources, source_blobs'],
		['helpers', 'drop table fill_sources, fill_templates'],
	];
	for (const [what, sql] of steps) {
		const started = performance.now();
		await connection.query(sql);
		if (count >= 1e6)
			say(`${what} of ${count}: ${Math.round((performance.now() - started) / 1e3)} s`);
	}
}

const columns: Record<string, string> = {
	contracts:
		'chain_id, address, status, version, attempts, failures, due_at, next_attempt_at, error_code, error_message, error_retryable, ruled_out, depth, source_hash, source_name, created_at, updated_at, submitted_at, trace',
	contract_events:
		'chain_id, address, version, status, attempt, error_code, error_message, error_retryable, next_attempt_at, at, trace',
	contract_sources: 'chain_id, address, hash, description, fetched_at',
	source_blobs: 'hash, content, size, created_at',
};

function insert(table: string, select: string): string {
	return `insert into ${table} (${columns[table]}) ${select}`;
}
