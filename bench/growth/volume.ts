import { statSync } from 'node:fs';
import type { GrownDatabase } from './databases.ts';

/** Bytes of one contract, on average. */
export interface Volume {
	/** Of all tables, as files on disk. */
	stored: number;
	/** Of those that have a row for each contract, its events and its sources. */
	rows: number;
	/** Distinct sources and ABIs before compression. */
	distinct: number;
	/** The source of each contract, as if none shared one. */
	raw: number;
}

const ours = ['contracts', 'contract_events', 'contract_sources', 'source_blobs'];

export async function readVolume(database: GrownDatabase): Promise<Volume> {
	const { contracts, folder, query } = database;
	const bytes = ours.map((table) => statSync(`${folder}/${table}.ibd`).size);
	const [blobs] = await query<{ size: string }>('select sum(size) as size from source_blobs');
	// One of the chains will do, as sources do not depend on it.
	const [each] = await query<{ size: string; contracts: string }>(`
		select sum(c.contracts * b.size) as size, sum(c.contracts) as contracts
		from (select source_hash, count(*) as contracts from contracts where chain_id = 100 group by source_hash) c
		left join source_blobs b on b.hash = c.source_hash`);
	const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
	return {
		stored: sum(bytes) / contracts,
		rows: sum(bytes.slice(0, 3)) / contracts,
		distinct: Number(blobs?.size) / contracts,
		raw: Number(each?.size) / Number(each?.contracts),
	};
}
