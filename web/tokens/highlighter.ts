import type { Language } from './languages.ts';
import type { FromWorker, LineTokens, ToWorker } from './protocol.ts';

let worker: Worker | null = null;
let files = 0;

/** The colours of one file, made beside the page, as far down as somebody looks. */
export interface Highlighting {
	need(line: number): void;
	close(): void;
}

/** `paint` gets the tokens of consecutive lines, from line `from` (counted from 0). */
export function highlight(
	text: string,
	language: Language,
	paint: (from: number, tokens: LineTokens[]) => void,
): Highlighting {
	worker ??= new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
	const used = worker;
	files += 1;
	const id = files;
	const hear = ({ data }: MessageEvent<FromWorker>) => {
		if (data.id === id) paint(data.from, data.tokens);
	};
	const tell = (message: ToWorker) => used.postMessage(message);
	used.addEventListener('message', hear);
	tell({ type: 'open', id, text, language });
	return {
		need: (line) => tell({ type: 'need', id, line }),
		close: () => used.removeEventListener('message', hear),
	};
}
