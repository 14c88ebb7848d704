import type { Bench } from './bench.ts';
import { type Figure, figureOf, type Sample, type Subject } from './report/figure.ts';
import { answerOf, type Figures, load, type Request, type Target } from './wrk/wrk.ts';

/** One of those that do the same work. */
export interface Side {
	name: string;
	/** Does it once. */
	measure(): Promise<Sample>;
	/** Before anything counts, so that all is compiled and connected. */
	warmUp?(): Promise<void>;
}

/** Measures all sides in turn, as often as pairs are wanted. Ours is the first. */
export async function inTurn(
	{ extent, signal, say }: Bench,
	subject: Subject,
	sides: readonly Side[],
	pairs = extent.pairs,
): Promise<Figure> {
	say(`${subject.title}: ${sides.map(({ name }) => name).join(', ')}`);
	for (const side of sides) await side.warmUp?.();
	const measured = sides.map(({ name }) => ({ name, samples: [] as Sample[] }));
	for (let n = 0; n < pairs; n += 1) {
		// Whoever comes later finds a warmer machine: they take turns.
		const order = n % 2 === 0 ? sides : sides.toReversed();
		for (const side of order) {
			signal.throwIfAborted();
			measured[sides.indexOf(side)]?.samples.push(await side.measure());
		}
	}
	return figureOf(subject, measured);
}

export interface LoadedSide {
	name: string;
	target: Target;
	requests: readonly Request[];
	/** Throws where the answer to the first request is wrong. */
	check(answer: unknown): void;
	connections?: number;
	/** Seconds of a measurement, where many answers do not fit into a short one. */
	atLeast?: number;
	/** What of a measurement is the figure; requests a second when not given. */
	value?(figures: Figures): number;
	/** Looks at what a measurement left behind. */
	after?(figures: Figures): Promise<void>;
}

/** How far the average answer may be from the one that was checked; a refusal in place of data is farther off. */
const sameSize = 0.05;

/** Processes whose code is compiled: the next thing that they are asked for needs less of a start. */
const warm = new Set<number>();

/** A side that wrk measures. One wrong answer fails the run. */
export function loadedSide({ extent, folder, signal }: Bench, side: LoadedSide): Side {
	const { name, target, requests, connections = 32, atLeast = 1 } = side;
	let usual = Number.NaN;
	const once = async (seconds: number) => {
		const [first] = requests;
		if (first) side.check(await answerOf(target, asOnce(first)));
		const figures = await load(target, requests, { seconds, connections, folder, signal }).catch(
			(error) => {
				throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
			},
		);
		usual = Number.isNaN(usual) ? figures.bytes : usual;
		if (Math.abs(figures.bytes / usual - 1) > sameSize) {
			throw new Error(`${name} answered ${figures.bytes} bytes, and ${usual} before`);
		}
		await side.after?.(figures);
		return figures;
	};
	return {
		name,
		warmUp: async () => {
			await once(Math.max(atLeast, warm.has(target.pid) ? 1 : 3));
			warm.add(target.pid);
		},
		measure: async () => {
			const figures = await once(Math.max(atLeast, extent.seconds));
			return { value: side.value?.(figures) ?? figures.rate, cpu: figures.cpu };
		},
	};
}

/** A request that makes new addresses, with one such address. */
function asOnce(request: Request): Request {
	const digits = () => crypto.randomUUID().replaceAll('-', '');
	const fresh = () => `0x${`${digits()}${digits()}`.slice(0, 40)}`;
	const text = JSON.stringify(request)
		.replace('"@ADDRESSES@"', () => Array.from({ length: 100 }, () => `"${fresh()}"`).join())
		.replace('@ADDRESS@', fresh);
	return JSON.parse(text);
}
