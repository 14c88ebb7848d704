import type { Command } from 'commander';
import { createApiKeys } from '../../platform/mysql/api-keys.ts';
import { withAdmin } from './admin.ts';
import { parseName } from './client-keys.ts';
import { command } from './options.ts';
import { Refused } from './refused.ts';

export function keysRevoke(): Command {
	return command('revoke', 'End the API key of a client. Servers know it within 5 seconds.', [
		'keys revoke alice',
	])
		.argument('<name>', 'as `keys list` shows it', parseName)
		.action((name: string, options: { json: boolean }) =>
			withAdmin(options, ['MYSQL_URL'], async (admin) => {
				const revoked = await createApiKeys(admin.database()).revoke(name);
				if (!revoked) throw new Refused(`No key of ${name} is in use: keys list`);
				admin.result({ name }, `The key of ${name} is refused within 5 seconds.`);
			}),
		);
}
