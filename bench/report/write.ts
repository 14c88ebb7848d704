import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPng } from '../setup/peers.ts';
import { newestCommitted, shiftLines } from './former.ts';
import { plotOf } from './plot.ts';
import type { Report } from './report.ts';
import { tableOf } from './table.ts';

/** Of whole runs; those of one comparison lie in a folder of its name there. */
export const reports = 'bench/reports';

/** Writes what was measured as JSON, Markdown and plots, and says how it differs from the newest committed report. */
export async function writeReport(
	report: Report,
	folder: string,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const former = folder.startsWith(reports) ? folder : reports;
	const shifts = shiftLines(newestCommitted(former), report.figures);
	const table = tableOf(report.figures);
	const title = `Verifeed ${report.commit}, ${report.at.slice(0, 10)}`;
	mkdirSync(folder, { recursive: true });
	const base = join(folder, `${report.at.slice(0, 10)}-${report.commit}`);
	writeFileSync(`${base}.json`, `${JSON.stringify(report, null, '\t')}\n`);
	const drawn = report.figures.filter(({ peers }) => peers.length > 0);
	if (drawn.length > 0) {
		writeFileSync(`${base}.svg`, plotOf(`${title}: times as good as each peer`, drawn));
		await drawPng(`${base}.svg`, signal);
	}
	writeFileSync(`${base}.md`, markdown(report, title, table, shifts));
	console.log(`\n${table}\n\n${shifts.join('\n')}`);
	say(`written to ${base}.md, and beside it`);
}

function markdown(
	{ at, commit, pairs, seconds, machine, versions, missing, quick, figures }: Report,
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
		'Ratio: ours divided by the figure of that row, of each pair. Absolute figures drift with the machine; ratios hold. How it is measured: docs/testing.md.',
		...(figures.some(({ peers }) => peers.length > 0)
			? [`![Ratios](${at.slice(0, 10)}-${commit}.svg)`]
			: []),
		table,
		shifts.join('\n'),
		'',
	].join('\n\n');
}
