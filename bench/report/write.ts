import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPng } from '../setup/peers.ts';
import { newestCommitted, shiftLines } from './former.ts';
import { plotOf } from './plot.ts';
import type { Report } from './report.ts';
import { tableOf } from './table.ts';

const kept = 'bench/reports';

/**
 * Writes what was measured as JSON, Markdown and plots, and says how it differs from the newest committed report. One
 * that is not of everything, or quick, is not to be committed: it goes into the other folder.
 */
export async function writeReport(
	report: Report,
	{ whole, otherwise }: { whole: boolean; otherwise: string },
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const shifts = shiftLines(newestCommitted(kept), report.figures);
	const table = tableOf(report.figures);
	const title = `Verifeed ${report.commit}, ${report.at.slice(0, 10)}`;
	const folder = whole ? kept : otherwise;
	mkdirSync(folder, { recursive: true });
	const base = join(folder, `${report.at.slice(0, 10)}-${report.commit}`);
	writeFileSync(`${base}.json`, `${JSON.stringify(report, null, '\t')}\n`);
	writeFileSync(`${base}.svg`, plotOf(`${title}: times as good as each peer`, report.figures));
	await drawPng(`${base}.svg`, signal);
	writeFileSync(`${base}.md`, markdown(report, title, table, shifts));
	console.log(`\n${table}\n\n${shifts.join('\n')}`);
	say(`written to ${base}.md, .json, .svg and .png`);
}

function markdown(
	{ at, commit, pairs, seconds, machine, versions, missing, quick }: Report,
	title: string,
	table: string,
	shifts: readonly string[],
): string {
	const { processor, cores, memoryGb, kernel } = machine;
	const extent = `${pairs} pairs of ${seconds} s${quick ? ', --quick' : ''}`;
	const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
	return [
		`# ${title}`,
		`${at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}; ${extent}. Processes, services and load share ${cores} cores of ${processor}, ${memoryGb} GB, Linux ${kernel}.`,
		`${named.join(', ')}.${missing ? ` Left out: ${missing}.` : ''}`,
		'Ratio: ours divided by the figure of that row, of each pair. Absolute figures drift with the machine; ratios hold. How it is measured: [docs/testing.md](../../docs/testing.md#benchmark).',
		`![Ratios](${at.slice(0, 10)}-${commit}.svg)`,
		table,
		shifts.join('\n'),
		'',
	].join('\n\n');
}
