import { Command } from 'commander';
import { backup } from './backup.ts';
import { cacheClear } from './cache-clear.ts';
import { contractsOldest } from './contracts-oldest.ts';
import { contractsRequeue } from './contracts-requeue.ts';
import { contractsShow } from './contracts-show.ts';
import { contractsStuck } from './contracts-stuck.ts';
import { deadDrop } from './dead-drop.ts';
import { deadList } from './dead-list.ts';
import { deadRequeue } from './dead-requeue.ts';
import { keysAdd } from './keys-add.ts';
import { keysLimit } from './keys-limit.ts';
import { keysList } from './keys-list.ts';
import { keysRevoke } from './keys-revoke.ts';
import { keysWake } from './keys-wake.ts';
import { restore } from './restore.ts';
import { status } from './status.ts';

/** `npm run admin`: one file a command. Rejects with a `CommanderError` for wrong usage. */
export function createProgram(): Command {
	const program = new Command('npm run admin --')
		.description(
			'For those on call. Works on the services that MYSQL_URL, RABBITMQ_URL and REDIS_URL name, else on those that\nrun for this folder. Exit status: 0 done, 1 failed, 2 refused or not understood.',
		)
		.exitOverride()
		.showHelpAfterError('(see --help)');
	const group = (name: string, description: string, commands: readonly Command[]) => {
		const made = new Command(name).description(description);
		for (const one of commands) made.addCommand(one);
		program.addCommand(made);
	};
	program.addCommand(status());
	group('dead', 'Messages that no worker could end', [deadList(), deadRequeue(), deadDrop()]);
	group('contracts', 'Contracts, and what keeps them', [
		contractsStuck(),
		contractsOldest(),
		contractsShow(),
		contractsRequeue(),
	]);
	group('keys', "Keys of clients, and upstreams' accounts and keys", [
		keysList(),
		keysAdd(),
		keysLimit(),
		keysRevoke(),
		keysWake(),
	]);
	group('cache', 'The cache of contracts', [cacheClear()]);
	program.addCommand(backup());
	program.addCommand(restore());
	inheritAll(program);
	return program;
}

/** Commands that were made elsewhere do not have their parent's way to end. */
function inheritAll(parent: Command): void {
	for (const child of parent.commands) {
		child.copyInheritedSettings(parent);
		inheritAll(child);
	}
}
