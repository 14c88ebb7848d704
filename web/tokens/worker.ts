import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript';
import {
	type CodeToTokensBaseOptions,
	codeToTokensBase,
	createShikiPrimitiveAsync,
	getLastGrammarState,
	type ShikiPrimitive,
} from '@shikijs/primitive';
import { kindOf, theme } from './kinds.ts';
import { grammarOf, type Language } from './languages.ts';
import type { FromWorker, LineTokens, ToWorker } from './protocol.ts';

/** What is between two looks at whether somebody wants another file. */
const linesAtOnce = 100;
/** A longer line, such as a minified one, stays plain. */
const longestLine = 4_000;

interface OpenFile {
	id: number;
	lines: string[];
	language: Language;
	/** Lines that are done. */
	done: number;
	/** Lines that somebody looks at, and all before them. */
	needed: number;
	state: CodeToTokensBaseOptions['grammarState'];
}

const engine = createJavaScriptRegexEngine({ forgiving: true });
const ready = new Map<Language, Promise<ShikiPrimitive>>();
let file: OpenFile | null = null;
let working = false;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
	if (data.type === 'open') {
		const { id, text, language } = data;
		const lines = text.split(/\r\n|\n|\r/);
		file = { id, lines, language, done: 0, needed: 0, state: undefined };
	} else if (file?.id === data.id) {
		file.needed = Math.max(file.needed, data.line);
		// Without a grammar, as when the network is away, it stays plain.
		if (!working) work().catch(() => ready.clear());
	}
};

/** One piece after the other, as each line depends on those before it. */
async function work(): Promise<void> {
	working = true;
	try {
		await workOn();
	} finally {
		working = false;
	}
}

async function workOn(): Promise<void> {
	while (file && file.done < Math.min(file.needed, file.lines.length)) {
		const current = file;
		const shiki = await load(current.language);
		const from = current.done;
		const tokens = tokensOf(shiki, current);
		const answer: FromWorker = { id: current.id, from, tokens };
		self.postMessage(answer);
		// Messages that have come meanwhile are read.
		await new Promise((resolve) => setTimeout(resolve));
	}
}

function load(language: Language): Promise<ShikiPrimitive> {
	let shiki = ready.get(language);
	if (!shiki) {
		shiki = grammarOf(language).then((langs) =>
			createShikiPrimitiveAsync({ engine, langs, themes: [theme] }),
		);
		ready.set(language, shiki);
	}
	return shiki;
}

function tokensOf(shiki: ShikiPrimitive, current: OpenFile): LineTokens[] {
	const piece = current.lines.slice(current.done, current.done + linesAtOnce);
	current.done += piece.length;
	const tokens = codeToTokensBase(shiki, piece.join('\n'), {
		lang: current.language,
		theme: theme.name,
		tokenizeMaxLineLength: longestLine,
		...(current.state && { grammarState: current.state }),
	});
	current.state = getLastGrammarState(shiki, tokens) ?? current.state;
	return tokens.map((line) => {
		let at = 0;
		return line.flatMap(({ content, color }) => {
			const start = at;
			at += content.length;
			const kind = kindOf(color);
			return kind === null || !content.trim() ? [] : [start, at, kind];
		});
	});
}
