import { asInProduction, type Bench } from '../bench.ts';
import { openDatabases } from '../growth/databases.ts';
import { templatesOf } from '../growth/fill.ts';
import { again, type Shape } from '../growth/shape.ts';
import { shapes } from '../growth/shapes.ts';
import { openSite, type Site } from '../growth/site.ts';
import { readVolume } from '../growth/volume.ts';
import { inTurn, type Side } from '../measure.ts';
import { median } from '../ratio.ts';
import { type Figure, figureOf } from '../report/figure.ts';

/** Times as slow as with the fewest contracts. */
const mostGrowth = 1.25;

/** The same work on a database of each size. The largest is "ours", and the others are what it is compared with. */
export async function compareGrowth(bench: Bench): Promise<Figure[]> {
	const { extent } = bench;
	const stack = bench.stack.use(new AsyncDisposableStack());
	const templates = async () => {
		await bench.data();
		const { database } = await bench.system();
		return templatesOf((sql) => database.query(sql));
	};
	const databases = await openDatabases(bench, stack, extent.growth, templates);
	const sites: Site[] = [];
	for (const database of databases) sites.push(await openSite(database, asInProduction, stack));
	sites.sort((a, b) => b.database.contracts - a.database.contracts);
	const figures: Figure[] = [];
	for (const shape of shapes) {
		const subject = { comparison: 'growth', title: shape.title, unit: 'ms, median' } as const;
		const sides = sites.map((site) => sideOf(site, shape, extent.seconds * 100));
		figures.push(await inTurn(bench, { ...subject, better: 'lower' }, sides));
	}
	for (const site of sites) figures.push(...(await volumeOf(site)));
	await stack.disposeAsync();
	return figures;
}

const nameOf = ({ database: { contracts } }: Site) =>
	`${contracts.toLocaleString('en-US')} contracts`;

function sideOf(
	site: Site,
	{ prepare, call, saysItself, most = 1_000 }: Shape,
	longestMs: number,
): Side {
	let turn = 0;
	const once = async () => {
		await prepare?.(site);
		const started = performance.now();
		const own = await call(site, turn);
		turn += 1;
		return saysItself ? Number(own) : performance.now() - started;
	};
	return {
		name: nameOf(site),
		warmUp: async () => {
			for (let n = 0; n < Math.min(most, again); n += 1) await once();
		},
		measure: async () => {
			const times: number[] = [];
			const started = performance.now();
			while (times.length < most && (times.length < 3 || performance.now() - started < longestMs)) {
				times.push(await once());
			}
			return { value: median(times), cpu: null };
		},
	};
}

/** What a contract takes on disk beside what it would as plain text, each with a source of its own. */
async function volumeOf(site: Site): Promise<Figure[]> {
	const { stored, distinct, raw, rows } = await readVolume(site.database);
	const title = `bytes a contract, ${nameOf(site)}`;
	const sample = (name: string, value: number) => ({ name, samples: [{ value, cpu: null }] });
	const subject = { comparison: 'growth', title, unit: 'bytes', better: 'lower' } as const;
	return [
		figureOf(subject, [
			sample('all tables on disk', stored),
			sample('rows and indexes without sources', rows),
			sample('distinct sources and ABIs as text', distinct),
			sample('the source of each as text', raw),
		]),
	];
}

/** Says what has grown by more than it may; true where nothing has, or it was not measured. */
export function growthHeld(figures: readonly Figure[]): boolean {
	const grown = figures
		.filter(({ comparison, unit }) => comparison === 'growth' && unit !== 'bytes')
		.flatMap(({ title, peers }) => {
			const ratio = peers.at(-1)?.ratio.median ?? 1;
			return ratio > mostGrowth ? [{ title, ratio }] : [];
		});
	for (const { title, ratio } of grown) {
		const why = shapes.find((shape) => shape.title === title)?.grows;
		const verdict = why ? `grows as it may (${why})` : 'NOT HELD';
		console.log(`${verdict}: ${title} takes ${ratio.toFixed(2)} times as long`);
	}
	return grown.every(({ title }) => shapes.find((shape) => shape.title === title)?.grows);
}
