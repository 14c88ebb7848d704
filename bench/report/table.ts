import type { Ratio } from '../ratio.ts';
import type { Figure, Side } from './figure.ts';

const heads = ['', 'median', 'lowest', 'highest', 'CPU ms', 'ratio', 'lowest', 'highest'];

/** The figures as a Markdown table: a row for Verifeed, and one for each peer with our ratio to it. */
export function tableOf(figures: readonly Figure[]): string {
	const compared = figures.filter(({ peers }) => peers.length > 0);
	const alone = figures.filter(({ peers }) => peers.length === 0);
	const lists = Map.groupBy(alone, ({ comparison, unit }) => `${comparison}, ${unit}`);
	return [...compared.map(sectionOf), ...[...lists].map(listOf)].join('\n\n');
}

/** Figures that nothing is beside, a row each. */
function listOf([title, figures]: [title: string, figures: readonly Figure[]]): string {
	const rows = figures.map(({ title: name, ours }) => [
		name,
		...[ours.median, ours.lowest, ours.highest].map(number),
	]);
	return [`**${title}**`, '', ...aligned([heads.slice(0, 4), ...rows])].join('\n');
}

function sectionOf({ title, unit, better, ours, peers }: Figure): string {
	const sides: (Side & { ratio?: Ratio })[] = [ours, ...peers];
	const rows = sides.map((side) => {
		const { median, lowest, highest, cpu, ratio: ratios } = side;
		return [
			side.name,
			...[median, lowest, highest].map(number),
			cpu === null ? '' : cpu.toFixed(3),
			...[ratios?.median, ratios?.lowest, ratios?.highest].map((one) => one?.toFixed(2) ?? ''),
		];
	});
	const note = better === 'lower' ? `${unit}; less is better` : unit;
	return [`**${title}** (${note})`, '', ...aligned([heads, ...rows])].join('\n');
}

/** Lines of a Markdown table, the first of them its head. */
function aligned(rows: readonly (readonly string[])[]): string[] {
	const [head = [], ...others] = rows;
	const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`;
	const rule = widths.map((width, n) =>
		n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
	);
	return [head, rule, ...others].map(line);
}

/** With three digits that count, as no measurement here has more. */
function number(value: number): string {
	if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
	return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
