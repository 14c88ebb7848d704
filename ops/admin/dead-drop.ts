import type { Command } from 'commander';
import { withAdmin } from './admin.ts';
import { type Chosen, chooser } from './dead.ts';
import { walkDeadLetters } from './dead-letters.ts';
import { command, yesOption } from './options.ts';
import { confirm } from './question.ts';

export function deadDrop(): Command {
	return command('drop', 'Throw dead letters away; no contract is lost by it', [
		'dead drop --id 1f0c3a9be2d4',
		'dead drop --all --yes',
	])
		.option('--all', 'every dead letter')
		.option('--id <id...>', 'those with these ids')
		.addOption(yesOption())
		.action((options: Chosen & { json: boolean; yes: boolean }) =>
			withAdmin(options, ['RABBITMQ_URL'], async (admin) => {
				const choice = chooser(options);
				const broker = await admin.broker();
				let count = 0;
				await walkDeadLetters(broker, async (letter) => {
					if (choice.wants(letter)) count += 1;
					return 'keep';
				});
				admin.signal.throwIfAborted();
				choice.mustHaveSeenAll();
				if (count > 0) {
					const letters = count === 1 ? '1 dead letter' : `${count} dead letters`;
					await confirm(`Throw ${letters} away for good?`, { ...options, signal: admin.signal });
				}
				let dropped = 0;
				await walkDeadLetters(broker, async (letter) => {
					// One that has come meanwhile was not asked about.
					if (dropped === count || admin.signal.aborted || !choice.wants(letter)) return 'keep';
					dropped += 1;
					return 'remove';
				});
				admin.result({ dropped }, `${dropped} dropped.`);
				admin.signal.throwIfAborted();
			}),
		);
}
