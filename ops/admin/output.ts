import { createRedact } from '../../domain/redact.ts';

/** What a command says: its result on stdout, everything else on stderr, and no secret on either. */
export interface Output {
	/** The result: one JSON document with `--json`, else the text. */
	result(document: object, text: string): void;
	note(text: string): void;
}

export function createOutput(json: boolean, secrets: readonly string[]): Output {
	const clean = createRedact(secrets);
	return {
		result(document, text) {
			const shown = json ? JSON.stringify(document, null, 2) : visible(text);
			process.stdout.write(`${clean(shown)}\n`);
		},
		note: (text) => void process.stderr.write(`${clean(visible(text))}\n`),
	};
}

/** Untrusted text is part of it: nothing that moves a cursor or turns a line around reaches the terminal. */
export function visible(text: string): string {
	return text.replace(
		/[^\P{C}\n]|[\u2028\u2029]/gu,
		(character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
}

/** Bytes as a terminal can show them, at most `limit` of them. */
export function printable(content: Buffer, limit = 200): string {
	const text = content
		.subarray(0, limit)
		.toString('latin1')
		.replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
	return content.length > limit ? `${text}... (${content.length} bytes)` : text;
}

/** Rows under headings, in columns as wide as they need. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
	const all = [headings, ...rows];
	const widths = headings.map((_, column) =>
		Math.max(...all.map((row) => row[column]?.length ?? 0)),
	);
	return all
		.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
		.map((line) => line.trimEnd())
		.join('\n');
}
