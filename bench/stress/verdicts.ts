import { boundMs, finishWithin } from './load.ts';
import type { PhaseResult, Row } from './result.ts';
import { kinds } from './schedule.ts';

export interface Verdict {
	holds: boolean;
	text: string;
}

/** Of what is due, this share has to be answered while the load lasts: the last moments always have something open. */
const leastAchieved = 0.99;

/** The demands on every load, each with what was found. */
export function verdictsOf({ rows, contracts, followed }: PhaseResult): Verdict[] {
	const all = kinds.map((kind) => ({ kind, ...rows[kind] }));
	const failed = all.reduce((sum, row) => sum + row.failed, 0) + contracts.error;
	const worst = (value: (row: Row) => number) => all.toSorted((a, b) => value(b) - value(a))[0];
	const share = ({ achieved, offered }: Row) => (offered > 0 ? achieved / offered : 1);
	const furthest = worst((row) => -share(row));
	const slowest = worst((row) => row.p99);
	const { finishSeconds, unfinished, success, error } = contracts;
	const accepted = rows.submit.due - rows.submit.failed;
	return [
		{
			holds: failed === 0,
			text: `nothing fails: ${failed} failed`,
		},
		{
			holds: all.every((row) => share(row) >= leastAchieved),
			text: `achieved is offered: the least is ${percent(furthest ? share(furthest) : 0)} of ${furthest?.kind}`,
		},
		{
			holds: all.every((row) => row.p99 < boundMs),
			text: `p99 below ${boundMs} ms: the highest is ${slowest?.p99.toFixed(1)} ms of ${slowest?.kind}`,
		},
		{
			holds: finishSeconds !== null && finishSeconds <= finishWithin && success + error >= accepted,
			text: `all finished within ${finishWithin} s: ${success + error} of ${accepted}, ${finishSeconds === null ? `${unfinished} unfinished` : `${finishSeconds.toFixed(1)} s after the last submission`}`,
		},
		{
			holds: followed === rows.subscription.due,
			text: `every followed version in order: ${followed} of ${rows.subscription.due} subscriptions`,
		},
	];
}

export function percent(share: number): string {
	return `${(share * 100).toFixed(1)} %`;
}
