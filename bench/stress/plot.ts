/** A line of a plot; where there is no value it has a gap. */
export interface Series {
	name: string;
	colour: string;
	dashed?: boolean;
	points: readonly (readonly [x: number, y: number | null])[];
}

export interface Plot {
	title: string;
	/** What the vertical axis shows. */
	unit: string;
	series: readonly Series[];
	/** For values that differ by orders of magnitude. */
	logarithmic?: boolean;
	/** Upper end of the axis; as the values need it when not given. */
	most?: number;
}

const [width, height] = [860, 380];
const area = { left: 70, right: 640, top: 44, bottom: 330 };

/** An SVG of values over the seconds of a load. */
export function plotOf({ title, unit, series, logarithmic = false, most }: Plot): string {
	// The axis ends where the last line does.
	const points = series.flatMap((one) => one.points).filter(([, y]) => y !== null);
	const values = points.flatMap(([, y]) => (y === null ? [] : [y]));
	const lastX = Math.max(1, ...points.map(([x]) => x));
	const ticks = logarithmic ? decades(values) : steps(most ?? Math.max(1, ...values));
	const scale = (value: number) => (logarithmic ? Math.log10(value) : value);
	const [low, high] = [scale(ticks[0] ?? 0), scale(ticks.at(-1) ?? 1)];
	const x = (second: number) => area.left + (second / lastX) * (area.right - area.left);
	const y = (value: number) => {
		const share = (scale(logarithmic ? Math.max(value, 10 ** low) : value) - low) / (high - low);
		return area.bottom - share * (area.bottom - area.top);
	};
	const seconds = steps(lastX).filter((second) => second <= lastX);
	const drawn = [
		text(area.left, 24, title, 'font-size="15" font-weight="bold"'),
		text(area.left - 8, area.top - 8, unit, 'text-anchor="end"'),
		...ticks.map((tick) =>
			[
				`<line x1="${area.left}" x2="${area.right}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="#d0d5dc"/>`,
				text(area.left - 8, y(tick) + 4, String(tick), 'text-anchor="end"'),
			].join('\n'),
		),
		...seconds.map((second) => text(x(second), area.bottom + 20, String(second), middle)),
		text((area.left + area.right) / 2, area.bottom + 40, 'seconds', middle),
		...series.flatMap(({ name, colour, dashed, points: own }, n) => {
			const look = `fill="none" stroke="${colour}" stroke-width="1.8"${dashed ? ' stroke-dasharray="5 3"' : ''}`;
			const row = area.top + 14 + n * 22;
			return [
				`<path d="${pathOf(own, x, y)}" ${look}/>`,
				`<path d="M${area.right + 20} ${row - 4}h26" ${look}/>`,
				text(area.right + 54, row, name),
			];
		}),
	];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif" font-size="12" fill="#1d2733">`,
		`<title>${title}</title>`,
		`<rect width="${width}" height="${height}" fill="#ffffff"/>`,
		...drawn,
		'</svg>\n',
	].join('\n');
}

const middle = 'text-anchor="middle"';

function pathOf(points: Series['points'], x: (at: number) => number, y: (at: number) => number) {
	let isNew = true;
	return points
		.map(([second, value]) => {
			if (value === null) return '';
			const start = isNew ? 'M' : 'L';
			isNew = false;
			return `${start}${at(x(second))} ${at(y(value))}`;
		})
		.join('');
}

/** From 0 on, some five of them, to the first that is not below the highest value. */
export function steps(highest: number): number[] {
	const rough = highest / 5;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10);
	const count = Math.ceil(highest / step - 1e-9);
	return Array.from({ length: count + 1 }, (_, n) => Number((n * step).toPrecision(6)));
}

/** Powers of ten around all values. */
export function decades(values: readonly number[]): number[] {
	const positive = values.filter((value) => value > 0);
	const low = Math.floor(Math.log10(Math.min(1, ...positive)));
	const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(10, ...positive))));
	return Array.from({ length: high - low + 1 }, (_, n) => Number((10 ** (low + n)).toPrecision(3)));
}

function text(x: number, y: number, content: string, more = ''): string {
	const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return `<text x="${at(x)}" y="${at(y)}" ${more}>${safe}</text>`;
}

function at(value: number): string {
	return value.toFixed(1);
}
