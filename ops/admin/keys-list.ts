import type { Command } from 'commander';
import { withAdmin } from './admin.ts';
import { showDuration } from './duration.ts';
import { accountsIn, readKeys } from './keys.ts';
import { command } from './options.ts';
import { table } from './output.ts';

export function keysList(): Command {
	return command(
		'list',
		"Show how the upstreams' accounts and keys stand, in the order in which they are asked.\nKeys are shown as a hash, as in the log. Needs the workers' settings (SOURCES, ETHERSCAN_API_KEYS, ...).",
		['keys list'],
	).action((options: { json: boolean }) =>
		withAdmin(options, ['REDIS_URL'], async (admin) => {
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
			admin.result({ keys }, table(headings, rows));
		}),
	);
}
