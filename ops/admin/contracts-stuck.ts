import type { Command } from 'commander';
import { withAdmin } from './admin.ts';
import { contractFacts, contractHeadings, contractRow } from './contract-facts.ts';
import { parseDuration } from './duration.ts';
import { findStuck, readDatabaseTime, type StuckWhy } from './find-contracts.ts';
import { command, limitOption } from './options.ts';
import { table } from './output.ts';

const meaning: Record<StuckWhy, string> = {
	unswept: 'its time has come and no worker has published it: does a worker run, is RabbitMQ up?',
	unclaimed: 'published, and no worker took it: are there workers, is the queue long (status)?',
};

type Options = { json: boolean; for: number; limit: number };

export function contractsStuck(): Command {
	return command(
		'stuck',
		'Show contracts for which something ought to have happened long ago.\nWhat waits for its next attempt, such as for a quota, is not stuck; nor what a worker may still hold (LEASE_MS).',
		['contracts stuck', 'contracts stuck --for 30m --json'],
	)
		.option('--for <time>', 'by how much it is late, such as 90s, 5m, 2h', parseDuration, 300_000)
		.addOption(limitOption(100))
		.action((options: Options) =>
			withAdmin(options, ['MYSQL_URL'], async (admin) => {
				const times = { forMs: options.for, leaseMs: admin.config.LEASE_MS };
				const found = await findStuck(admin.database(), times, options.limit);
				const now = await readDatabaseTime(admin.database());
				const contracts = found.map(({ contract, why }) => ({ ...contractFacts(contract), why }));
				const rows = found.map(({ contract, why }) => [...contractRow(contract, now), why]);
				const seen = [...new Set(found.map(({ why }) => why))];
				const legend = seen.map((why) => `${why}: ${meaning[why]}`).join('\n');
				const text = `${table([...contractHeadings, 'WHY'], rows)}\n\n${legend}`;
				admin.result({ now, contracts }, found.length === 0 ? 'Nothing is stuck.' : text);
			}),
		);
}
