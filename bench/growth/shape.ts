import type { Site } from './site.ts';

/** As many different questions are asked before it counts, and then again and again: that is what the pool holds. */
export const again = 25;

export const notInPool = 'what the buffer pool does not hold is read from disk';

/** Something that is asked of a product of any size. */
export interface Shape {
	title: string;
	/** Not measured, before each call. */
	prepare?(site: Site): Promise<unknown>;
	/** Throws where the answer is wrong. */
	call(site: Site, turn: number): Promise<unknown>;
	/** Instead of the time that the call took, what it answers counts, in milliseconds. */
	saysItself?: true;
	/** Its time grows with the number of contracts by its nature, and why that may be. */
	grows?: string;
	/** Calls of one measurement, where it takes long. */
	most?: number;
}
