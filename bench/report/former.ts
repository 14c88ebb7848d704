import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Ratio } from '../ratio.ts';
import type { Figure } from './figure.ts';
import { type Report, report } from './report.ts';

/** The newest report that is committed; undefined when there is none, or no git to ask. */
export function newestCommitted(folder: string): Report | undefined {
	return committed(folder)
		.map((name) => report.parse(JSON.parse(readFileSync(name, 'utf8'))))
		.sort((a, b) => (a.at < b.at ? -1 : 1))
		.at(-1);
}

function committed(folder: string): string[] {
	try {
		const args = ['ls-tree', '--name-only', 'HEAD', `${folder}/`];
		const listed = execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' });
		return listed.split('\n').filter((name) => name.endsWith('.json') && existsSync(name));
	} catch {
		return [];
	}
}

/** A figure whose ratio to a peer is another one than before, by more than both measurements are spread. */
export interface Shift {
	title: string;
	peer: string;
	before: number;
	now: number;
	/** Whether it became worse. */
	worse: boolean;
}

export function shiftsSince(former: readonly Figure[], figures: readonly Figure[]): Shift[] {
	return figures.flatMap(({ title, better, peers }) =>
		peers.flatMap(({ name, ratio: now }) => {
			const same = former.find((figure) => figure.title === title);
			const before = same?.peers.find((peer) => peer.name === name)?.ratio;
			if (!before || !isApart(before, now)) return [];
			const worse = now.median < before.median === (better === 'higher');
			return [{ title, peer: name, before: before.median, now: now.median, worse }];
		}),
	);
}

function isApart(one: Ratio, other: Ratio): boolean {
	const spread = Math.max(one.highest - one.lowest, other.highest - other.lowest);
	const touches = one.lowest <= other.highest && other.lowest <= one.highest;
	return !touches && Math.abs(one.median - other.median) > spread;
}

/** What a run says about the one before. */
export function shiftLines(former: Report | undefined, figures: readonly Figure[]): string[] {
	if (!former) return ['There is no former report to compare with.'];
	const shifts = shiftsSince(former.figures, figures);
	const since = `since ${former.at.slice(0, 10)} (${former.commit})`;
	const line = ({ title, peer, before, now }: Shift) =>
		`- ${title}: ${now.toFixed(2)} x ${peer}, was ${before.toFixed(2)}`;
	const part = (name: string, worse: boolean) => {
		const some = shifts.filter((shift) => shift.worse === worse);
		return some.length > 0 ? [`${name} ${since}:`, ...some.map(line)] : [];
	};
	const lines = [...part('Worse', true), ...part('Better', false)];
	return lines.length > 0 ? lines : [`No ratio is apart from what it was ${since}.`];
}
