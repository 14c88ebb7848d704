import type { Command } from 'commander';
import { clearContractCache } from '../../platform/redis/contract-cache.ts';
import { withAdmin } from './admin.ts';
import { command } from './options.ts';

export function cacheClear(): Command {
	return command(
		'clear',
		'Empty the cache of contracts; the next readers fill it again.\nNeeded after the database was put back to an earlier state by hand. Limits and rests of keys stay.',
		['cache clear'],
	).action((options: { json: boolean }) =>
		withAdmin(options, ['REDIS_URL'], async (admin) => {
			const { commands } = await admin.redis();
			const cleared = await clearContractCache(commands);
			admin.result({ cleared }, `${cleared} entries cleared.`);
		}),
	);
}
