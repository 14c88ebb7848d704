import type { TestDatabase } from '../harness/services.ts';

/** Each counts rows that must not be there. */
const bad: Readonly<Record<string, string>> = {
	'finished and due, or neither': `select count(*) n from contracts
		where (status in ('SUCCESS', 'ERROR')) <> (due_at is null)`,
	'ERROR without an error': `select count(*) n from contracts where status = 'ERROR' and error_code is null`,
	'SUCCESS without a source': `select count(*) n from contracts where status = 'SUCCESS' and source_hash is null`,
	'a version that is not the number of events': `select count(*) n from contracts c where version <>
		(select count(*) from contract_events e where e.chain_id = c.chain_id and e.address = c.address)`,
	'a status that is not that of its newest event': `select count(*) n from contracts c
		join contract_events e using (chain_id, address, version) where e.status <> c.status`,
	'events of no contract': `select count(*) n from contract_events e left join contracts c using (chain_id, address)
		where c.chain_id is null`,
	'a chain that is not served': 'select count(*) n from contracts where chain_id = 0',
};

/** What is wrong in the database, with how many rows. */
export async function badRows(database: TestDatabase): Promise<string[]> {
	const found: string[] = [];
	for (const [what, sql] of Object.entries(bad)) {
		const [row] = await database.query<{ n: number }>(sql);
		if (Number(row?.n) > 0) found.push(`${what}: ${row?.n}`);
	}
	return found;
}
