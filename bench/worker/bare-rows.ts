import type { Pool } from 'mysql2/promise';
import type { Downloaded } from './bare-download.ts';

type Value = string | number | Buffer | Date | null;

/** Writes the rows of a batch in one transaction, each table's at once. */
export async function write(pool: Pool, batch: readonly Downloaded[]): Promise<void> {
	const now = new Date();
	const connection = await pool.getConnection();
	const insert = (into: string, rows: Value[][], end = '') => {
		const marks = rows.map((row) => `(${row.map(() => '?').join()})`).join();
		return connection.execute(`insert into ${into} values ${marks} ${end}`, rows.flat());
	};
	try {
		await connection.beginTransaction();
		await insert(
			'source_blobs (hash, content, size, created_at)',
			batch.flatMap(({ source, abi }) =>
				[source, abi].map(({ hash, content, size }) => [hash, content, size, now]),
			),
			'on duplicate key update size = values(size)',
		);
		await insert(
			'contract_sources (chain_id, address, hash, description, fetched_at)',
			batch.map(({ address, source, description }) => [1, address, source.hash, description, now]),
		);
		await insert(
			'contracts (chain_id, address, status, version, attempts, failures, due_at, source_hash, source_name, created_at, updated_at)',
			batch.map(({ address, source, name }) => [
				...[1, address, 'SUCCESS', 3, 1, 0, null, source.hash, name, now, now],
			]),
			`on duplicate key update status = values(status), version = values(version), attempts = values(attempts),
			due_at = null, source_hash = values(source_hash), source_name = values(source_name), updated_at = values(updated_at)`,
		);
		await insert(
			'contract_events (chain_id, address, version, status, attempt, at)',
			batch.flatMap(({ address }) => [
				[1, address, 2, 'PROCESS', 1, now],
				[1, address, 3, 'SUCCESS', 1, now],
			]),
		);
		await connection.commit();
	} finally {
		connection.release();
	}
}
