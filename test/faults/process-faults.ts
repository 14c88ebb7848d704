import type { FaultKind } from './fault.ts';
import { processNames } from './links.ts';
import { times } from './proxied-system.ts';

/** What happens to the product's own processes. */
export const processFaults: readonly FaultKind[] = [
	ended('process-kill', 3, 'SIGKILL'),
	ended('process-terminate', 2, 'SIGTERM'),
	{
		// A worker's claim runs out meanwhile, and somebody else takes it.
		name: 'process-freeze',
		weight: 2,
		plan(random, { processes }) {
			const process = processes[random.pick(processNames)];
			return {
				on: [process.name],
				lastsMs: times.LEASE_MS + random.whole(500, 3_000),
				async inject() {
					await process.signal('SIGSTOP');
					return () => process.signal('SIGCONT');
				},
			};
		},
	},
	{
		name: 'process-clock',
		weight: 2,
		plan(random, { processes }) {
			const process = processes[random.pick(processNames)];
			const minutes = random.whole(2, 60) * (random.chance(0.5) ? 1 : -1);
			return {
				on: [`${process.name}'s clock`],
				text: `${process.name} off by ${minutes} min`,
				lastsMs: random.whole(3_000, 8_000),
				async inject() {
					process.setClock(minutes * 60_000);
					return async () => process.setClock(0);
				},
			};
		},
	},
	{
		name: 'process-kill-all',
		weight: 0.5,
		plan(_random, { processes }) {
			const all = processNames.map((name) => processes[name]);
			return {
				on: processNames,
				text: 'every process',
				lastsMs: 0,
				async inject() {
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
function ended(name: string, weight: number, signal: NodeJS.Signals): FaultKind {
	return {
		name,
		weight,
		plan(random, { processes }) {
			const process = processes[random.pick(processNames)];
			return {
				on: [process.name],
				lastsMs: 0,
				async inject() {
					await process.signal(signal);
					return () => process.ready();
				},
			};
		},
	};
}
