import type { Figure } from './figure.ts';

const line = 22;
const left = 250;
const wide = 460;
const width = left + wide + 130;
const colours = { better: '#2e7d4f', worse: '#b5452c', grid: '#d0d5dc', text: '#1d2733' };

/** How much better or worse Verifeed is than each peer, on a logarithmic scale: bar for the median, line for the spread. */
export function plotOf(title: string, figures: readonly Figure[]): string {
	const rows = figures.flatMap((figure) => [
		{ head: figure.title },
		...figure.peers.map(({ name, ratio }) => ({ name, ...asGain(ratio, figure.better) })),
	]);
	const height = 70 + rows.length * line;
	const all = rows.flatMap((row) => ('name' in row ? [row.lowest, row.highest] : []));
	const bound = Math.max(2, ...all.map((value) => Math.max(value, 1 / value)));
	const x = (value: number) => left + wide / 2 + (Math.log(value) / Math.log(bound)) * (wide / 2);
	const ticks = [0.1, 0.25, 0.5, 1, 2, 4, 10].filter((one) => one >= 1 / bound && one <= bound);
	const drawn = [
		text(16, 26, title, 'font-size="15" font-weight="bold"'),
		...ticks.map((tick) =>
			[
				`<line x1="${at(x(tick))}" x2="${at(x(tick))}" y1="54" y2="${height - 8}" stroke="${colours.grid}" stroke-width="${tick === 1 ? 2 : 1}"/>`,
				text(x(tick), 48, `${tick} x`, 'text-anchor="middle"'),
			].join('\n'),
		),
		...rows.map((row, n) => {
			const y = 74 + n * line;
			if (!('name' in row)) return text(16, y, row.head, 'font-weight="bold"');
			const [one, own] = [x(1), x(row.median)];
			const colour = row.median >= 1 ? colours.better : colours.worse;
			return [
				text(left - 12, y, row.name, 'text-anchor="end"'),
				`<rect x="${at(Math.min(one, own))}" y="${y - 11}" width="${at(Math.abs(own - one))}" height="13" fill="${colour}"/>`,
				`<line x1="${at(x(row.lowest))}" x2="${at(x(row.highest))}" y1="${y - 4.5}" y2="${y - 4.5}" stroke="${colours.text}" stroke-width="1.5"/>`,
				text(left + wide + 16, y, `${row.median.toFixed(2)} x`),
			].join('\n');
		}),
	];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif" font-size="12" fill="${colours.text}">`,
		`<title>${escaped(title)}</title>`,
		`<rect width="${width}" height="${height}" fill="#ffffff"/>`,
		...drawn,
		'</svg>\n',
	].join('\n');
}

/** More is better from here on: of what is better when it is less the inverse counts. */
function asGain(ratio: { median: number; lowest: number; highest: number }, better: string) {
	if (better === 'higher') return ratio;
	return { median: 1 / ratio.median, lowest: 1 / ratio.highest, highest: 1 / ratio.lowest };
}

function text(x: number, y: number, content: string, more = ''): string {
	return `<text x="${at(x)}" y="${at(y)}" ${more}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
	return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function at(value: number): string {
	return value.toFixed(1);
}
