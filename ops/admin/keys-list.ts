import type { Command } from 'commander';
import { createApiKeys } from '../../platform/mysql/api-keys.ts';
import { withAdmin } from './admin.ts';
import { showClientKeys } from './client-keys.ts';
import { showDuration } from './duration.ts';
import { accountsIn, readKeys } from './keys.ts';
import { command } from './options.ts';
import { table } from './output.ts';

export function keysList(): Command {
	return command(
		'list',
		"Show how the upstreams' accounts and keys stand, in the order in which they are asked, and the keys of clients.\nUpstreams' keys are shown as a hash, as in the log. Needs the workers' settings (SOURCES, ETHERSCAN_API_KEYS, ...).",
		['keys list'],
	).action((options: { json: boolean }) =>
		withAdmin(options, ['MYSQL_URL', 'REDIS_URL'], async (admin) => {
			const keys = await readKeys(accountsIn(admin.config), await admin.redis());
			const rows = keys.map((one) => [
				one.account,
				one.key ?? 'without a key',
				one.stands,
				one.until ? showDuration(one.until.getTime() - Date.now()) : '',
				String(one.callsToday),
				one.leftToday === null ? 'no limit' : String(one.leftToday),
			]);
			const headings = ['ACCOUNT', 'KEY', 'STANDS', 'FOR', 'CALLS TODAY', 'LEFT TODAY'];
			const clients = (await createApiKeys(admin.database()).list()).map(
				({ hash: _, ...key }) => key,
			);
			const text = `${table(headings, rows)}\n\n${showClientKeys(clients)}`;
			admin.result({ keys, clients }, text);
		}),
	);
}
