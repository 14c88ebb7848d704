import type { Command } from 'commander';
import { resume } from '../../platform/redis/account-state.ts';
import { withAdmin } from './admin.ts';
import { accountsIn, readKeys } from './keys.ts';
import { command } from './options.ts';
import { Refused } from './refused.ts';

export function keysWake(): Command {
	return command(
		'wake',
		'End the suspension of an account and of its keys, in all workers: after a bill was paid or a key was renewed.\nWaiting contracts go on by themselves within minutes, or at once: contracts requeue --error QUOTA_EXHAUSTED',
		['keys wake etherscan:main'],
	)
		.argument('<account>', 'as `keys list` shows it')
		.action((name: string, options: { json: boolean }) =>
			withAdmin(options, ['REDIS_URL'], async (admin) => {
				const accounts = accountsIn(admin.config);
				const account = accounts.find((one) => one.name === name);
				if (!account) {
					const known = accounts.map((one) => one.name).join(', ');
					throw new Refused(`No account ${name}; there are ${known}.`);
				}
				const redis = await admin.redis();
				await resume(redis.commands, [name, ...account.keys.map(({ id }) => id)]);
				const keys = await readKeys([account], redis);
				const spent = keys[0]?.leftToday === 0;
				const note = spent
					? `\nThe day's calls that this system allows itself are spent too: raise the account's CALLS_PER_DAY and start the workers anew.`
					: '';
				admin.result({ account: name, keys }, `${name} may be used again.${note}`);
			}),
		);
}
