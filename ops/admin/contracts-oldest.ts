import type { Command } from 'commander';
import type { Status } from '../../domain/status.ts';
import { withAdmin } from './admin.ts';
import { contractFacts, contractHeadings, contractRow } from './contract-facts.ts';
import { showDuration } from './duration.ts';
import { findOldest, readDatabaseTime } from './find-contracts.ts';
import { command, limitOption, statusOption } from './options.ts';
import { table } from './output.ts';

type Options = { json: boolean; status?: Status; limit: number };

export function contractsOldest(): Command {
	return command('oldest', 'Show the unfinished contracts that were submitted first', [
		'contracts oldest --limit 5',
		'contracts oldest --status PROCESS',
	])
		.addOption(statusOption().choices(['CREATED', 'PROCESS']))
		.addOption(limitOption(20))
		.action((options: Options) =>
			withAdmin(options, ['MYSQL_URL'], async (admin) => {
				const found = await findOldest(admin.database(), options.status, options.limit);
				const now = await readDatabaseTime(admin.database());
				const contracts = found.map(({ contract, submittedAt }) => ({
					...contractFacts(contract),
					submittedAt,
				}));
				const rows = found.map(({ contract, submittedAt }) => [
					...contractRow(contract, now),
					showDuration(now.getTime() - submittedAt.getTime()),
				]);
				const text = table([...contractHeadings, 'SUBMITTED BEFORE'], rows);
				admin.result({ now, contracts }, found.length === 0 ? 'All are finished.' : text);
			}),
		);
}
