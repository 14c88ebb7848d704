import type { Language } from './languages.ts';

export type ToWorker =
	| { type: 'open'; id: number; text: string; language: Language }
	/** Somebody looks at lines up to this one. */
	| { type: 'need'; id: number; line: number };

/** Start, end and number of the kind of each coloured piece of one line, one behind the other. */
export type LineTokens = number[];

export interface FromWorker {
	id: number;
	from: number;
	tokens: LineTokens[];
}
