import type { Command } from 'commander';
import type { KeyLimits } from '../../domain/api-key.ts';
import { createApiKeys } from '../../platform/mysql/api-keys.ts';
import { withAdmin } from './admin.ts';
import { limitsIn, parseName, withLimits } from './client-keys.ts';
import { command } from './options.ts';
import { Refused } from './refused.ts';

export function keysLimit(): Command {
	const made = command(
		'limit',
		"Change what a client's key may; `default`: as everybody else. Servers know it within 5 seconds.",
		['keys limit indexer --contracts-per-hour 100000', 'keys limit indexer --most-in-line default'],
	).argument('<name>', 'as `keys list` shows it', parseName);
	return withLimits(made).action((name: string, options: { json: boolean } & Partial<KeyLimits>) =>
		withAdmin(options, ['MYSQL_URL'], async (admin) => {
			const limits = limitsIn(options);
			if (Object.keys(limits).length === 0) throw new Refused('Which limit? See --help.');
			const found = await createApiKeys(admin.database()).limit(name, limits);
			if (!found) throw new Refused(`No key of ${name} is in use: keys list`);
			admin.result({ name, ...limits }, `The key of ${name} has its new limits within 5 seconds.`);
		}),
	);
}
