import type { InjectedFault } from './fault-run.ts';
import { describe, type Stored } from './history.ts';
import { processNames } from './links.ts';
import { type PromiseName, promises } from './observations.ts';
import type { Outcome } from './scenario.ts';
import { inMegabytes, type Usage } from './usage.ts';

const shownViolations = 5;

/** Everything about a run for a person to read; the last lines say whether all held. */
export function tableOf(outcome: Outcome): string {
	return [
		...heading('faults', [
			...['fault (all in s)', 'times', 'strikes', 'lasted', 'then finish', 'at most'],
		]),
		...faultRows(outcome.injected),
		...heading('numbers', []),
		...numbers(outcome),
		...heading('errors in the logs', []),
		...[...outcome.system.watch.errors]
			.sort(([, a], [, b]) => b - a)
			.slice(0, 12)
			.map(([message, count]) => `${String(count).padStart(6)}  ${message}`),
		...heading('the last to finish', []),
		...lastToFinish(outcome),
		...heading('held before and after', ['', 'before', 'after']),
		...usageRows(outcome.before, outcome.after),
		...heading('checks', []),
		...checkRows(outcome),
	].join('\n');
}

export function holds({ observations }: Outcome): boolean {
	return observations.violations.size === 0;
}

function heading(title: string, columns: readonly string[]): string[] {
	return ['', `== ${title}`, ...(columns.length > 0 ? [row(columns)] : [])];
}

function row([first = '', ...rest]: readonly (string | number)[]): string {
	return `${String(first).padEnd(34)}${rest.map((cell) => String(cell).padStart(12)).join('')}`;
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1);

function faultRows(injected: readonly InjectedFault[]): string[] {
	const byFault = Map.groupBy(injected, ({ fault }) => fault);
	return [...byFault].sort().map(([fault, list]) => {
		const lasted = Math.max(...list.map(({ lastedMs }) => lastedMs));
		const recovered = list.map(({ recoveredMs }) => recoveredMs ?? Infinity).sort((a, b) => a - b);
		const median = recovered[Math.floor(recovered.length / 2)] ?? 0;
		return row([
			fault,
			list.length,
			list.reduce((sum, { strikes }) => sum + strikes, 0),
			seconds(lasted),
			seconds(median),
			seconds(recovered.at(-1) ?? 0),
		]);
	});
}

function numbers({ observations, sums, unsettled, settledMs, starts, system }: Outcome): string[] {
	return [
		...[...observations.counts].map(([name, count]) => row([name, count])),
		row(['contracts stored', sums.contracts]),
		row(['ended SUCCESS', sums.success]),
		row(['ended ERROR', sums.error]),
		row(['events stored', sums.events]),
		row(['begun attempts', sums.attempts]),
		row(['upstream calls', sums.calls]),
		row(['under way when all was repaired', unsettled]),
		row(['the last of them finished after s', seconds(settledMs)]),
		row(['process starts', starts]),
		row(['log lines', system.watch.lines]),
	];
}

/** Shows what the longest wait was for. */
function lastToFinish({ histories }: Outcome): string[] {
	const endOf = ({ events }: Stored) => events.at(-1)?.at.getTime() ?? 0;
	const [last] = [...histories.values()].sort((a, b) => endOf(b) - endOf(a));
	return last ? [describe(last)] : [];
}

function usageRows(before: Usage, after: Usage): string[] {
	const names = ['mysql', 'redis', 'rabbitmqConnections', 'rabbitmqChannels', 'clients'] as const;
	return [
		row(['Redis channels', before.channels.length, after.channels.length]),
		...names.map((name) => row([name, before[name], after[name]])),
		...processNames.flatMap((name) => {
			const had = before.processes[name];
			const has = after.processes[name];
			return [
				row([`${name} heap MB`, inMegabytes(had.heap), inMegabytes(has.heap)]),
				row([`${name} RSS MB`, inMegabytes(had.rss), inMegabytes(has.rss)]),
				row([`${name} sockets`, had.sockets, has.sockets]),
				row([`${name} timers`, had.timers, has.timers]),
			];
		}),
	];
}

function checkRows({ observations, histories, seed }: Outcome): string[] {
	// The keys of a literal are its names.
	const names = Object.keys(promises) as PromiseName[];
	const lines = names.flatMap((name) => {
		const violations = observations.violations.get(name) ?? [];
		if (violations.length === 0) return [`ok      ${promises[name]}`];
		return [
			`BROKEN  ${promises[name]}: ${violations.length} times`,
			...violations.slice(0, shownViolations).flatMap(({ what, address }) => {
				const stored = histories.get(address ?? '');
				return [
					`  - ${what}${address ? ` (${address})` : ''}`,
					...(stored ? [describe(stored)] : []),
				];
			}),
		];
	});
	const verdict = observations.violations.size === 0 ? 'everything held' : 'NOT EVERYTHING HELD';
	return [...lines, '', `${verdict}; seed ${seed}`];
}
