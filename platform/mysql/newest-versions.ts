import DataLoader from 'dataloader';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { Database } from './connection.ts';
import { among } from './queries.ts';
import { contracts } from './tables.ts';

/** The version a contract stands at; 0 where nobody has submitted it. */
export type NewestVersion = (key: ContractKey) => Promise<number>;

const gatherMs = 5;
const most = 500;

/** What is asked within a moment is read in one query: thousands of followers ask every few seconds. */
export function createNewestVersion(database: Database): NewestVersion {
	const loader = new DataLoader<ContractKey, number, string>(
		async (keys) => {
			const rows = await database
				.select({
					chainId: contracts.chainId,
					address: contracts.address,
					version: contracts.version,
				})
				.from(contracts)
				.where(among(contracts, keys));
			const versions = new Map(rows.map((row) => [keyText(row), row.version]));
			return keys.map((key) => versions.get(keyText(key)) ?? 0);
		},
		{
			cache: false,
			maxBatchSize: most,
			batchScheduleFn: (run) => void setTimeout(run, gatherMs),
		},
	);
	return (key) => loader.load(key);
}
