import { kinds } from '../tokens/kinds.ts';
import type { LineTokens } from '../tokens/protocol.ts';

/** Colours are laid over the text, so that what a person has selected in it stays selected. */
const canPaint = 'highlights' in CSS;

function highlightOf(name: string): Highlight | null {
	if (!canPaint) return null;
	const before = CSS.highlights.get(name);
	if (before) return before;
	const made = new Highlight();
	CSS.highlights.set(name, made);
	return made;
}

const ofKinds = kinds.map((kind) => highlightOf(`code-${kind}`));

/** Colours one line; what it returns takes them away. */
export function paintLine(line: HTMLElement, tokens: LineTokens): () => void {
	const painted: [Highlight, StaticRange][] = [];
	for (let at = 0; at + 2 < tokens.length; at += 3) {
		const highlight = ofKinds[tokens[at + 2] ?? -1];
		if (!highlight) continue;
		const range = rangeIn(line, tokens[at] ?? 0, tokens[at + 1] ?? 0);
		highlight.add(range);
		painted.push([highlight, range]);
	}
	return () => {
		for (const [highlight, range] of painted) highlight.delete(range);
	};
}

/** Marks a place in a line by the name of a highlight; what it returns takes the mark away. */
export function markIn(line: HTMLElement, start: number, end: number, name: string): () => void {
	const highlight = highlightOf(name);
	if (!highlight) return () => {};
	const range = rangeIn(line, start, end);
	if (name === 'hit-now') highlight.priority = 2;
	if (name === 'hit') highlight.priority = 1;
	highlight.add(range);
	return () => void highlight.delete(range);
}

function rangeIn(line: HTMLElement, start: number, end: number): StaticRange {
	const [startContainer, startOffset] = placeIn(line, start);
	const [endContainer, endOffset] = placeIn(line, end);
	return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
}

/** Where an offset of the original text is: between, there may be marks that stand for characters. */
function placeIn(line: HTMLElement, offset: number): [Node, number] {
	let left = offset;
	for (const [index, child] of [...line.childNodes].entries()) {
		const isText = child instanceof Text;
		const length = isText ? child.data.length : Number((child as HTMLElement).dataset['length']);
		if (left <= length && isText) return [child, left];
		if (left < length) return [line, index];
		left -= length;
	}
	return [line, line.childNodes.length];
}
