import type { Ratio } from '../ratio.ts';
import type { Figure, Side } from './figure.ts';

const heads = ['', 'median', 'lowest', 'highest', 'CPU ms', 'ratio', 'lowest', 'highest'];

/** The figures as a Markdown table: a row for Verifeed, and one for each peer with our ratio to it. */
export function tableOf(figures: readonly Figure[]): string {
	return figures.map(sectionOf).join('\n\n');
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
	const widths = heads.map((head, column) =>
		Math.max(...[head, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
	);
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`;
	const rule = widths.map((width, n) =>
		n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
	);
	const note = better === 'lower' ? `${unit}; less is better` : unit;
	return [`**${title}** (${note})`, '', ...[heads, rule, ...rows].map(line)].join('\n');
}

/** With three digits that count, as no measurement here has more. */
function number(value: number): string {
	if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
	return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
