import type { Reading } from './reading.ts';

/** One line for a person; `bad` while somebody should look at it: what is counted since the start never is. */
export interface Fact {
	label: string;
	value: string;
	bad?: boolean;
}

export interface Section {
	title: string;
	facts: Fact[];
}

/** Of what is not measured here there is no section. */
export type MakeSection = (reading: Reading, upSeconds: number) => Section | null;

export function section(title: string, facts: readonly (Fact | null)[]): Section | null {
	const known = facts.filter((fact) => fact !== null);
	return known.length === 0 ? null : { title, facts: known };
}

/** A fact that is there only where the metric is. */
export function known(reading: Reading, metric: string, fact: () => Fact | null): Fact | null {
	return reading.has(metric) ? fact() : null;
}
