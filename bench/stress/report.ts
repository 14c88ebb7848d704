import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../report/machine.ts';
import { plotsOf } from './plots.ts';
import type { PhaseResult } from './result.ts';
import { kinds } from './schedule.ts';
import { percent, verdictsOf } from './verdicts.ts';

export interface Report {
	at: string;
	machine: Machine;
	/** Of Node.js. */
	node: string;
	commit: string;
	workers: number;
	/** Settings that differ from the product's defaults and from what every stress test sets. */
	settings: Readonly<Record<string, string>>;
	phases: readonly PhaseResult[];
}

const heads = ['kind', 'offered/s', 'achieved/s', 'failed', 'p50 ms', 'p99 ms', 'max ms'];

/** The table of one load with its verdicts, in Markdown that is read well on a terminal too. */
export function tableOf(phase: PhaseResult): string {
	const rows = kinds.map((kind) => {
		const { offered, achieved, failed, p50, p99, max } = phase.rows[kind];
		const name = kind === 'subscription' ? 'subscription, first event' : kind;
		const numbers = [offered, achieved].map((value) => value.toFixed(1));
		return [name, ...numbers, String(failed), ...[p50, p99, max].map((ms) => ms.toFixed(1))];
	});
	const { success, error, unfinished, finishSeconds } = phase.contracts;
	const cores = Object.entries(phase.cores).map(([name, share]) => `${name} ${share.toFixed(2)}`);
	const facts = [
		`hit ratio ${percent(phase.hitRatio)}`,
		`contracts: ${success} SUCCESS, ${error} ERROR, ${unfinished} unfinished`,
		finishSeconds === null
			? 'not all were finished'
			: `the last one finished ${finishSeconds.toFixed(1)} s after the last submission`,
		`cores: ${cores.join(', ')}`,
	];
	return [
		`### ${phase.rate} a second for ${phase.seconds} s, ${phase.cache} cache, ${phase.clients} clients with ${phase.connections} connections a kind`,
		'',
		...aligned([heads, ...rows]),
		'',
		...facts.map((fact) => `- ${fact}`),
		...verdictsOf(phase).map(({ holds, text }) => `- ${holds ? 'HELD' : 'NOT HELD'}: ${text}`),
		...phase.failures
			.slice(0, 10)
			.map((failure) => `- failure: \`${failure.replaceAll('`', "'")}\``),
		'',
	].join('\n');
}

function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
	const all = [head, ...rows];
	const widths = head.map((_, n) => Math.max(...all.map((row) => row[n]?.length ?? 0)));
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const pad = (row: readonly string[]) =>
		line(
			row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))),
		);
	const rule = widths.map((width, n) =>
		n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
	);
	return [pad(head), line(rule), ...rows.map(pad)];
}

/** Table, figures and plots, as files that can be committed; gives the names of the files. */
export function writeReport(folder: string, report: Report): string[] {
	mkdirSync(folder, { recursive: true });
	const rates = [...new Set(report.phases.map(({ rate }) => rate))];
	const plots = rates.map((rate) => plotsOf(report.phases.filter((phase) => phase.rate === rate)));
	const files: Record<string, string> = {
		'stress.json': formatted(JSON.stringify(report)),
		...Object.assign({}, ...plots),
	};
	files['stress.md'] = markdownOf(
		report,
		Object.keys(files).filter((name) => name.endsWith('.svg')),
	);
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	return Object.keys(files);
}

/** As `npm run check` asks for it. */
function formatted(input: string): string {
	const biome = 'node_modules/@biomejs/biome/bin/biome';
	const args = [biome, 'format', '--stdin-file-path=stress.json'];
	return execFileSync(process.execPath, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

function markdownOf(report: Report, plots: readonly string[]) {
	const { at, machine, node, commit, workers, settings, phases } = report;
	const { processor, cores, memoryGb, kernel } = machine;
	const changed = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
	return [
		'# Stress test',
		'',
		`${at.slice(0, 10)}, commit ${commit}, Node ${node}, ${processor}, ${cores} cores, ${memoryGb} GB, Linux ${kernel};`,
		`one server, ${workers} workers, services and load all on this machine.${changed.length > 0 ? ` Settings: ${changed.join(', ')}.` : ''}`,
		'',
		'A latency counts from the moment at which its operation was due. Achieved is what was answered while the load lasted,',
		'or within 250 ms of its end. How it is measured: [testing.md](../../../docs/testing.md#stress-test).',
		'',
		...phases.map((phase) => tableOf(phase)),
		...plots.map((name) => `![${name.replace('.svg', '')}](${name})`),
		'',
	].join('\n');
}
