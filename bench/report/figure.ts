import { median, type Ratio, ratioOf } from '../ratio.ts';

/** What was measured once: the figure itself, and what it cost the process. */
export interface Sample {
	value: number;
	/** Processor time for one request, in milliseconds; null where there is none to tell. */
	cpu: number | null;
}

/** A figure of Verifeed with the same figure of each peer, measured in turn. */
export interface Figure {
	/** The name by which `--only` knows it. */
	comparison: string;
	title: string;
	unit: string;
	better: 'higher' | 'lower';
	/** Of what side the figures are, where it is not Verifeed as it is. */
	ours: Side;
	peers: (Side & {
		/** Ours divided by the peer's, of each pair. */
		ratio: Ratio;
	})[];
}

export interface Side extends Ratio {
	name: string;
	cpu: number | null;
}

export type Subject = Pick<Figure, 'comparison' | 'title' | 'unit' | 'better'>;

/** The samples of each side stand in the order in which they were taken. */
export function figureOf(
	subject: Subject,
	[ours, ...peers]: readonly { name: string; samples: readonly Sample[] }[],
): Figure {
	if (!ours) throw new Error(`nothing was measured of ${subject.title}`);
	return {
		...subject,
		ours: sideOf(ours),
		peers: peers.map((peer) => {
			const pairs = ours.samples.map(({ value }, n) => ({
				one: value,
				other: peer.samples[n]?.value ?? Number.NaN,
			}));
			return { ...sideOf(peer), ratio: ratioOf(pairs) };
		}),
	};
}

function sideOf({ name, samples }: { name: string; samples: readonly Sample[] }): Side {
	const values = samples.map(({ value }) => value);
	const cpus = samples.map(({ cpu }) => cpu).filter((cpu) => cpu !== null);
	return {
		name,
		median: median(values),
		lowest: Math.min(...values),
		highest: Math.max(...values),
		cpu: cpus.length > 0 ? median(cpus) : null,
	};
}
