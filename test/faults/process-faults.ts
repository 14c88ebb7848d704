import type { Fault } from './fault.ts';
import { processNames } from './links.ts';
import { times } from './stage.ts';

/** What happens to the product's own processes. */
export const processFaults: readonly Fault[] = [
	ended('process-kill', 3, 'SIGKILL'),
	ended('process-terminate', 2, 'SIGTERM'),
	{
		// A worker's claim runs out meanwhile, and somebody else takes it.
		name: 'process-freeze',
		weight: 2,
		aim(dice, { processes }) {
			const process = processes[dice.pick(processNames)];
			return {
				on: [process.name],
				lastsMs: times.LEASE_MS + dice.whole(500, 3_000),
				async strike() {
					await process.signal('SIGSTOP');
					return () => process.signal('SIGCONT');
				},
			};
		},
	},
	{
		name: 'process-clock',
		weight: 2,
		aim(dice, { processes }) {
			const process = processes[dice.pick(processNames)];
			const minutes = dice.whole(2, 60) * (dice.chance(0.5) ? 1 : -1);
			return {
				on: [`${process.name}'s clock`],
				text: `${process.name} off by ${minutes} min`,
				lastsMs: dice.whole(3_000, 8_000),
				async strike() {
					process.setClock(minutes * 60_000);
					return async () => process.setClock(0);
				},
			};
		},
	},
	{
		name: 'process-kill-all',
		weight: 0.5,
		aim(_dice, { processes }) {
			const all = processNames.map((name) => processes[name]);
			return {
				on: processNames,
				text: 'every process',
				lastsMs: 0,
				async strike() {
					await Promise.all(all.map((process) => process.signal('SIGKILL')));
					return async () => {
						await Promise.all(all.map((process) => process.ready()));
					};
				},
			};
		},
	},
];

/** It is started again, as whatever ends is. */
function ended(name: string, weight: number, signal: NodeJS.Signals): Fault {
	return {
		name,
		weight,
		aim(dice, { processes }) {
			const process = processes[dice.pick(processNames)];
			return {
				on: [process.name],
				lastsMs: 0,
				async strike() {
					await process.signal(signal);
					return () => process.ready();
				},
			};
		},
	};
}
