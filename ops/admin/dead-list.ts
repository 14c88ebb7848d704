import type { Command } from 'commander';
import { withAdmin } from './admin.ts';
import { letterFacts, standing } from './dead.ts';
import { walkDeadLetters } from './dead-letters.ts';
import { command, limitOption } from './options.ts';
import { table } from './output.ts';

type Options = { json: boolean; limit: number };

export function deadList(): Command {
	return command('list', 'Show the dead letters, the oldest first; they stay as they are', [
		'dead list --limit 20',
	])
		.addOption(limitOption(100))
		.action((options: Options) =>
			withAdmin(options, ['MYSQL_URL', 'RABBITMQ_URL'], async (admin) => {
				const letters: ReturnType<typeof letterFacts>[] = [];
				let more = false;
				await walkDeadLetters(await admin.broker(), async (letter) => {
					more = letters.length === options.limit;
					if (!more) letters.push(letterFacts(letter, await standing(admin, letter)));
					return 'keep';
				});
				const rows = letters.map(({ id, reason, diedAt, contract, contractStands, payload }) => [
					id,
					reason,
					diedAt?.toISOString() ?? '?',
					contract ?? '',
					contractStands,
					payload,
				]);
				const headings = ['ID', 'REASON', 'DIED AT', 'CONTRACT', 'STANDS AT', 'PAYLOAD'];
				const end = more ? '\nThere are more: raise --limit.' : '';
				const text = rows.length === 0 ? 'No dead letters.' : table(headings, rows) + end;
				admin.result({ letters, more }, text);
			}),
		);
}
