import { type Highlighting, highlight } from '../tokens/highlighter.ts';
import type { Language } from '../tokens/languages.ts';
import type { LineTokens } from '../tokens/protocol.ts';
import { cutAtInvisible } from './invisible.ts';
import { type LineRange, splitLines } from './lines.ts';
import { markIn, paintLine } from './paint.ts';

const linesInChunk = 100;

interface Chunk {
	element: HTMLElement;
	/** Index of its first line. */
	from: number;
	lines: HTMLElement[] | null;
	isNear: boolean;
	/** Takes its colours away. */
	unpaint: (() => void)[];
}

export interface Place {
	line: number;
	column: number;
	length: number;
}

/** The text of one file in an element that scrolls. What is far from where somebody looks costs nothing but its text. */
export interface CodeView {
	select(range: LineRange | null): void;
	/** Does nothing where they are seen already. */
	scrollTo(range: LineRange): void;
	/** Marks what a search has found; the current one apart. */
	mark(hits: readonly Place[], current: Place | null): void;
	close(): void;
}

export function openCodeView(host: HTMLElement, text: string, language: Language | null): CodeView {
	const lines = splitLines(text);
	const tokens: (LineTokens | undefined)[] = [];
	let selected: LineRange | null = null;
	let hits: readonly Place[] = [];
	let current: Place | null = null;
	let unmark: (() => void)[] = [];
	const chunks = chunksOf(lines);
	const ofElement = new Map(chunks.map((chunk) => [chunk.element as Element, chunk]));
	const highlighting: Highlighting | null = language ? highlight(text, language, take) : null;
	const near = new IntersectionObserver(look, { root: host, rootMargin: '800px 0px' });
	const content = element('div', 'code-lines');
	content.style.setProperty('--widest', `${widest(lines)}ch`);
	content.append(...chunks.map((chunk) => chunk.element));
	host.replaceChildren(content);
	host.scrollTop = 0;
	host.scrollLeft = 0;
	for (const chunk of chunks) near.observe(chunk.element);

	function look(entries: IntersectionObserverEntry[]): void {
		for (const { target, isIntersecting } of entries) {
			const chunk = ofElement.get(target);
			if (!chunk) continue;
			chunk.isNear = isIntersecting;
			if (isIntersecting) show(chunk);
			else unpaint(chunk);
		}
	}

	function show(chunk: Chunk): HTMLElement[] {
		if (!chunk.lines) {
			const texts = lines.slice(chunk.from, chunk.from + linesInChunk);
			chunk.lines = texts.map((line, index) => lineOf(line, chunk.from + index + 1));
			chunk.element.replaceChildren(...chunk.lines);
			showSelected(chunk);
			mark();
		}
		highlighting?.need(chunk.from + linesInChunk);
		paint(chunk);
		return chunk.lines;
	}

	function take(from: number, made: LineTokens[]): void {
		for (const [index, line] of made.entries()) tokens[from + index] = line;
		const chunk = chunks[Math.floor(from / linesInChunk)];
		if (chunk) paint(chunk);
	}

	function paint(chunk: Chunk): void {
		if (!chunk.isNear || !chunk.lines || chunk.unpaint.length > 0) return;
		chunk.unpaint = chunk.lines.flatMap((line, index) => {
			const own = tokens[chunk.from + index];
			return own ? [paintLine(line, own)] : [];
		});
	}

	function unpaint(chunk: Chunk): void {
		for (const undo of chunk.unpaint) undo();
		chunk.unpaint = [];
	}

	function showSelected(chunk: Chunk): void {
		for (const [index, line] of (chunk.lines ?? []).entries()) {
			const number = chunk.from + index + 1;
			const isIn = selected !== null && number >= selected.from && number <= selected.to;
			line.classList.toggle('selected', isIn);
		}
	}

	function mark(): void {
		for (const undo of unmark) undo();
		unmark = hits.flatMap((hit) => {
			const line = lineElement(hit.line);
			const name = hit === current ? 'hit-now' : 'hit';
			return line ? [markIn(line, hit.column, hit.column + hit.length, name)] : [];
		});
	}

	function lineElement(number: number): HTMLElement | undefined {
		const chunk = chunks[Math.floor((number - 1) / linesInChunk)];
		return chunk?.lines?.[number - 1 - chunk.from];
	}

	return {
		select(range) {
			selected = range;
			for (const chunk of chunks) showSelected(chunk);
		},
		scrollTo({ from, to }) {
			const line = Math.min(from, lines.length);
			const chunk = chunks[Math.floor((line - 1) / linesInChunk)];
			const place = chunk && show(chunk)[line - 1 - chunk.from]?.getBoundingClientRect();
			if (!place) return;
			const top = place.top - host.getBoundingClientRect().top;
			const room = host.clientHeight - Math.min(to - from + 2, 8) * place.height;
			if (top < 0 || top > room) host.scrollTop += top - host.clientHeight / 3;
		},
		mark(all, now) {
			hits = all;
			current = now;
			mark();
		},
		close() {
			near.disconnect();
			highlighting?.close();
			for (const chunk of chunks) unpaint(chunk);
			for (const undo of unmark) undo();
			unmark = [];
		},
	};
}

function chunksOf(lines: readonly string[]): Chunk[] {
	const count = Math.ceil(lines.length / linesInChunk);
	return Array.from({ length: count }, (_, index) => {
		const from = index * linesInChunk;
		const texts = lines.slice(from, from + linesInChunk);
		const chunk = element('div', 'chunk');
		chunk.style.setProperty('--lines', String(texts.length));
		// Until it is looked at: so that the browser's own search finds it.
		chunk.textContent = texts.map(plain).join('\n');
		return { element: chunk, from, lines: null, isNear: false, unpaint: [] };
	});
}

function plain(line: string): string {
	return cutAtInvisible(line)
		.map((part) => (typeof part === 'string' ? part : '·'))
		.join('');
}

function lineOf(text: string, number: number): HTMLElement {
	const line = element('div', 'line');
	line.dataset['line'] = String(number);
	for (const part of cutAtInvisible(text)) {
		if (typeof part === 'string') line.append(part);
		else {
			const mark = element('span', 'unseen');
			mark.dataset['length'] = String(part.length);
			mark.title = `${part.code}, ${part.name}: shown here, as it cannot be seen`;
			mark.textContent = part.code;
			line.append(mark);
		}
	}
	return line;
}

/** In characters of the same width, and no more than a browser lays out at once. */
function widest(lines: readonly string[]): number {
	let most = 0;
	for (const line of lines) most = Math.max(most, line.length + 3 * (line.split('\t').length - 1));
	return Math.min(most, 100_000);
}

function element(tag: string, className: string): HTMLElement {
	const made = document.createElement(tag);
	made.className = className;
	return made;
}
