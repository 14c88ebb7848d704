import type { Command } from 'commander';
import { hashKey, type KeyLimits, newKey } from '../../domain/api-key.ts';
import { createApiKeys } from '../../platform/mysql/api-keys.ts';
import { withAdmin } from './admin.ts';
import { limitsIn, parseName, withLimits } from './client-keys.ts';
import { command } from './options.ts';
import { Refused } from './refused.ts';

export function keysAdd(): Command {
	const made = command(
		'add',
		'Make an API key for a client. It is shown once: only its hash is kept.\nWhat is not limited here is as for everybody else.',
		['keys add alice', 'keys add indexer --requests-per-second 50 --contracts-per-hour 20000'],
	).argument('<name>', 'whose it is', parseName);
	return withLimits(made).action((name: string, options: { json: boolean } & Partial<KeyLimits>) =>
		withAdmin(options, ['MYSQL_URL'], async (admin) => {
			const key = newKey();
			const none = { requestsPerSecond: null, contractsPerHour: null, mostInLine: null };
			const limits = { ...none, ...limitsIn(options) };
			const added = await createApiKeys(admin.database()).add(name, hashKey(key), limits);
			if (!added) throw new Refused(`${name} has a key already: keys revoke ${name}`);
			admin.result(
				{ name, key, ...limits },
				`${key}\nThe key of ${name}. It is not shown again. Send it as a bearer token, or in the header x-api-key.`,
			);
		}),
	);
}
