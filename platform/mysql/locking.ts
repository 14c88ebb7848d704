import { getTableColumns } from 'drizzle-orm';
import type { MySqlColumn } from 'drizzle-orm/mysql-core';
import type { Contract, ContractKey } from '../../domain/contract.ts';
import type { Statement } from './insertion.ts';
import { contractOf } from './rows.ts';
import { type ContractRow, contracts } from './tables.ts';

const columns = Object.entries<MySqlColumn>(getTableColumns(contracts));
const names = columns.map(([, { name }]) => `\`contracts\`.\`${name}\``).join(', ');
const head =
	`select ${names}, \`contract_sources\`.\`description\` from \`contracts\` left join \`contract_sources\`` +
	' on `contract_sources`.`chain_id` = `contracts`.`chain_id` and `contract_sources`.`address` = `contracts`.`address`' +
	' and `contract_sources`.`hash` = `contracts`.`source_hash` where ';

/** Contracts with the description of their newest source, kept for this transaction. Built from the table, as an insertion is. */
export function lockingSelect(keys: readonly ContractKey[]): Statement {
	const chains = [...Map.groupBy(keys, ({ chainId }) => chainId)];
	const places = chains.map(([, { length }]) => Array(length).fill('?').join(', '));
	const where = places.map(
		(list) => `(\`contracts\`.\`chain_id\` = ? and \`contracts\`.\`address\` in (${list}))`,
	);
	const values = chains.flatMap(([chainId, group]) => [
		chainId,
		...group.map(({ address }) => contracts.address.mapToDriverValue(address)),
	]);
	return { sql: `${head}${where.join(' or ')} for update`, values };
}

/** A row of that select, as an array. */
export function lockedContract(row: readonly unknown[]): Contract {
	const values = columns.map(([name, column], index) => [name, ofDriver(column, row[index])]);
	// The columns of the table, all of them.
	const contract = Object.fromEntries(values) as ContractRow;
	const description = row[columns.length];
	return contractOf({
		contract,
		description: typeof description === 'string' ? description : null,
	});
}

/** The driver makes dates by itself. */
function ofDriver(column: MySqlColumn, value: unknown): unknown {
	return value === null || value instanceof Date ? value : column.mapFromDriverValue(value);
}
