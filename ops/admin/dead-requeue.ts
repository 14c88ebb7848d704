import type { Command } from 'commander';
import { withAdmin } from './admin.ts';
import { type Chosen, chooser, type Requeued, requeueLetter } from './dead.ts';
import { walkDeadLetters } from './dead-letters.ts';
import { command } from './options.ts';

export function deadRequeue(): Command {
	return command(
		'requeue',
		'Make the contracts that dead letters name due now, and take the letters away.\nWhat cannot be read, or names no contract of the database, stays.',
		['dead requeue --all', 'dead requeue --id 1f0c3a9be2d4'],
	)
		.option('--all', 'every dead letter')
		.option('--id <id...>', 'those with these ids')
		.action((options: Chosen & { json: boolean }) =>
			withAdmin(options, ['MYSQL_URL', 'RABBITMQ_URL'], async (admin) => {
				const choice = chooser(options);
				const kept = { unknown: 0, unreadable: 0 };
				const counts: Record<Requeued, number> = { due: 0, underWay: 0, finished: 0, ...kept };
				await walkDeadLetters(await admin.broker(), async (letter) => {
					if (admin.signal.aborted || !choice.wants(letter)) return 'keep';
					const outcome = await requeueLetter(admin, letter);
					counts[outcome] += 1;
					return outcome in kept ? 'keep' : 'remove';
				});
				const lines = [
					`${counts.due} made due: a worker publishes them within moments`,
					`${counts.underWay} taken away: a worker downloads the contract now`,
					`${counts.finished} taken away: the contract has finished since`,
					`${counts.unknown} kept: the contract is not in the database (submit it anew, then drop the letter)`,
					`${counts.unreadable} kept: unreadable, so they can only be dropped`,
				];
				admin.result(counts, lines.join('\n'));
				admin.signal.throwIfAborted();
				choice.mustHaveSeenAll();
			}),
		);
}
