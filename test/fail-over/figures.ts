export interface Timing {
	submitted: number;
	finished: number | null;
}

/** Milliseconds, seen by clients. */
export interface Figures {
	contracts: number;
	/** Submissions that were answered with an error. */
	refused: number;
	/** The longest time without a contract finishing, from the break on. */
	pause: number;
	/** From the break until the first contract that was submitted after it had finished. */
	resumed: number;
	/** The longest that a contract took from its submission to its end; before the break, and after. */
	slowest: { before: number; after: number };
}

export function figuresOf(timings: readonly Timing[], refused: number, broken: number): Figures {
	const ends = timings.map(({ finished }) => finished ?? Number.POSITIVE_INFINITY);
	const moments = [broken, ...ends.filter((at) => at > broken)].sort((a, b) => a - b);
	const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? at));
	const took = (chosen: readonly Timing[]) => {
		return Math.max(0, ...chosen.map(({ submitted, finished }) => (finished ?? 0) - submitted));
	};
	const since = timings.filter(({ submitted }) => submitted > broken);
	const isOver = ({ finished }: Timing) => finished !== null && finished <= broken;
	return {
		contracts: timings.length,
		refused,
		pause: Math.max(0, ...gaps),
		resumed:
			Math.min(...since.map(({ finished }) => finished ?? Number.POSITIVE_INFINITY)) - broken,
		slowest: {
			before: took(timings.filter(isOver)),
			after: took(timings.filter((one) => !isOver(one))),
		},
	};
}

/** One line for a person. */
export function describe(what: string, { contracts, refused, ...figures }: Figures): string {
	const ms = (value: number) => `${Math.round(value)} ms`;
	return [
		`${what}: ${contracts} contracts, all finished; ${refused} submissions refused`,
		`longest pause ${ms(figures.pause)}, first new one finished after ${ms(figures.resumed)}`,
		`slowest contract ${ms(figures.slowest.before)} before, ${ms(figures.slowest.after)} from then on`,
	].join('; ');
}
