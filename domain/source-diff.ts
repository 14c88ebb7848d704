import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import { isExactNumber } from './exact-json.ts';
import type { StandardJson } from './source.ts';

export const fileChanges = ['ADDED', 'REMOVED', 'CHANGED'] as const;

/** A file that one source has otherwise than the other; `before` or `after` is null where it is not there. */
export interface FileDiff {
	path: string;
	change: (typeof fileChanges)[number];
	before: string | null;
	after: string | null;
}

/** What may still be spent on comparing; every patch takes from it. */
export interface Effort {
	characters: number;
	lines: number;
	/** About as long as it takes to compare two lines, a few nanoseconds. */
	steps: number;
}

/** As much as one operation may spend: half a second at most, whatever the sources are. */
export function newEffort(): Effort {
	return { characters: 16 * 2 ** 20, lines: 300_000, steps: 60_000_000 };
}

/** As much as one file may take of it. */
const most: Effort = { characters: 2 * 2 ** 20, lines: 60_000, steps: 20_000_000 };

/** The files that differ, sorted by path. */
export function changedFiles(from: StandardJson, to: StandardJson): FileDiff[] {
	const old = new Map(Object.entries(from.sources));
	const diffs: FileDiff[] = [];
	for (const [path, { content: after }] of Object.entries(to.sources)) {
		const before = old.get(path)?.content ?? null;
		old.delete(path);
		if (before === after) continue;
		diffs.push({ path, change: before === null ? 'ADDED' : 'CHANGED', before, after });
	}
	for (const [path, { content: before }] of old) {
		diffs.push({ path, change: 'REMOVED', before, after: null });
	}
	return diffs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * A unified diff that makes `after` of `before`, to the byte; null where the file is too large, the two
 * are too different, or the effort is spent.
 */
export function patchOf({ path, before, after }: FileDiff, effort: Effort): string | null {
	return unified(
		before === null ? nowhere : `a/${path}`,
		after === null ? nowhere : `b/${path}`,
		before ?? '',
		after ?? '',
		effort,
	);
}

const nowhere = '/dev/null';

type SettingsDiff = { equal: true } | { equal: false; patch: string | null };

/** All but the files, as a unified diff of JSON with sorted keys; a null patch as in `patchOf`. */
export function diffSettings(from: StandardJson, to: StandardJson, effort: Effort): SettingsDiff {
	const before = settingsText(from, effort);
	const after = settingsText(to, effort);
	if (before === null || after === null) return { equal: false, patch: null };
	if (before === after) return { equal: true };
	const patch = unified('a/settings.json', 'b/settings.json', before, after, effort);
	return { equal: false, patch };
}

function unified(
	oldFileName: string,
	newFileName: string,
	before: string,
	after: string,
	effort: Effort,
): string | null {
	const characters = oldFileName.length + newFileName.length + before.length + after.length;
	if (characters > Math.min(most.characters, effort.characters)) return null;
	effort.characters -= characters;
	const lines = lineCount(before) + lineCount(after);
	if (lines > Math.min(most.lines, effort.lines)) return null;
	effort.lines -= lines;
	const whole = before === '' || after === '';
	const hunks = whole ? wholeHunk(before, after) : compare(before, after, lines, effort);
	if (!hunks) return null;
	const headers = { oldHeader: undefined, newHeader: undefined };
	return formatPatch({ oldFileName, newFileName, ...headers, hunks }, FILE_HEADERS_ONLY);
}

function lineCount(text: string): number {
	let count = 1;
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
	return count;
}

function wholeHunk(before: string, after: string): StructuredPatchHunk[] {
	const text = before || after;
	if (text === '') return [];
	const sign = before === '' ? '+' : '-';
	const lines = text.split('\n').map((line) => sign + line);
	if (text.endsWith('\n')) lines.pop();
	const count = lines.length;
	if (!text.endsWith('\n')) lines.push('\\ No newline at end of file');
	const oldLines = before === '' ? 0 : count;
	return [{ oldStart: 1, newStart: 1, oldLines, newLines: count - oldLines, lines }];
}

/**
 * Lines are compared as numbers, so that long ones cost no more than short ones and the library has
 * no line ends to interpret.
 */
function compare(
	before: string,
	after: string,
	lines: number,
	effort: Effort,
): StructuredPatchHunk[] | null {
	const maxEditLength = affordableEdits(lines, Math.min(most.steps, effort.steps));
	if (maxEditLength < 1) return null;
	const { texts, lineOf } = numbered(before, after);
	const options = { context: 3, maxEditLength };
	const patch = structuredPatch('', '', ...texts, undefined, undefined, options);
	const edits = patch?.hunks.reduce((sum, hunk) => sum + editsIn(hunk), 0) ?? maxEditLength;
	effort.steps -= stepsOf(edits, lines);
	if (!patch) return null;
	return patch.hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(lineOf) }));
}

/** The library's work grows with the square of the edits, and with edits times lines. */
const stepsPerEdit = 30;

function stepsOf(edits: number, lines: number): number {
	return edits * (stepsPerEdit * edits + lines);
}

/** The most edits whose `stepsOf` is not above `steps`. */
function affordableEdits(lines: number, steps: number): number {
	return Math.floor(
		(Math.sqrt(lines ** 2 + 4 * stepsPerEdit * steps) - lines) / (2 * stepsPerEdit),
	);
}

function editsIn({ lines }: StructuredPatchHunk): number {
	return lines.filter((line) => /^[+-]/.test(line)).length;
}

/** Both texts with each distinct line replaced by a number, and how to undo it in a line of a hunk. */
function numbered(before: string, after: string) {
	const numbers = new Map<string, number>();
	const known: string[] = [];
	const [first, second] = [before, after].map((text) => {
		const lines = text.split('\n');
		const end = lines.at(-1) === '' ? lines.pop() : undefined;
		const tokens = lines.map((line) => {
			const number = numbers.get(line) ?? known.push(line) - 1;
			numbers.set(line, number);
			return number;
		});
		return tokens.join('\n') + (end === undefined ? '' : '\n');
	});
	const texts = [first ?? '', second ?? ''] as const;
	const lineOf = (line: string) =>
		line.startsWith('\\') ? line : `${line[0]}${known[Number(line.slice(1))]}`;
	return { texts, lineOf };
}

const mostSettings = 256 * 2 ** 10;
const deepest = 20;

/**
 * All of a standard JSON input but its files, a line for each value, keys sorted; null where it is huge.
 * Takes its size from what is left of `effort`.
 */
function settingsText(
	{ sources: _, ...rest }: StandardJson,
	effort: { characters: number },
): string | null {
	if (effort.characters <= 0) return null;
	const { length } = JSON.stringify(rest);
	effort.characters -= length;
	if (length > mostSettings) return null;
	return `${print(rest, 0)}\n`;
}

function print(value: unknown, depth: number): string {
	// Deeper, the indentation alone could grow without bound.
	if (typeof value !== 'object' || value === null || isExactNumber(value) || depth === deepest) {
		return JSON.stringify(value);
	}
	const [open, close] = Array.isArray(value) ? '[]' : '{}';
	const items = Array.isArray(value)
		? value.map((item) => print(item, depth + 1))
		: Object.entries(value)
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([name, item]) => `${JSON.stringify(name)}: ${print(item, depth + 1)}`);
	if (items.length === 0) return `${open}${close}`;
	const indent = '  '.repeat(depth + 1);
	return `${open}\n${indent}${items.join(`,\n${indent}`)}\n${indent.slice(2)}${close}`;
}
