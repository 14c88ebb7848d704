import { Readable } from 'node:stream';
import filenamify from 'filenamify';
import { ZipFile } from 'yazl';
import type { SourceFile } from '../domain/source.ts';

/**
 * A zip of the files, made as it is read; destroying the stream ends the work. The same files give
 * the same bytes. Where it could not keep a name or a content, `verifeed-names.json` in it says so.
 */
export function zipOf(files: readonly SourceFile[]): Readable {
	const zip = new ZipFile();
	// Typed as an old-style stream; it is a PassThrough.
	const output = zip.outputStream as Readable;
	zip.on('error', (error: Error) => output.destroy(error));

	function add(name: string, content: string): void {
		zip.addReadStreamLazy(name, entryOptions(), (open) => {
			if (output.destroyed) return;
			open(null, Readable.from([Buffer.from(content)]));
		});
	}

	const names = safeNames(files.map((file) => file.path));
	const named = files.map((file) => ({ ...file, name: names.get(file.path) ?? '' }));
	for (const { name, content } of named) add(name, content);

	const changed = named.filter(({ name, path }) => name !== path);
	// A lone surrogate has no UTF-8.
	const inexact = named.filter(({ content }) => !content.isWellFormed());
	if (changed.length + inexact.length > 0) {
		const notes = {
			about,
			names: Object.fromEntries(changed.map(({ name, path }) => [name, path])),
			inexact: inexact.map(({ name }) => name),
		};
		add(namesFile, `${JSON.stringify(notes, null, 2)}\n`);
	}
	zip.end();
	return output;
}

const about =
	'names: what the original calls each file that had to be renamed here. inexact: files with characters that UTF-8 cannot hold; standard.json has them exactly.';

function entryOptions() {
	return {
		// Zip holds a local time, and without `forceDosTimestamp` also one that depends on the zone.
		mtime: new Date(1980, 0, 1, 12),
		forceDosTimestamp: true,
		mode: 0o100644,
	};
}

/** Where an archive lists what its changed names stand for; `safeNames` never gives it to a file. */
export const namesFile = 'verifeed-names.json';

const maxSegmentBytes = 120;
const maxPathBytes = 400;
const maxExtensionBytes = 16;
const maxNumberedStemBytes = 96;
const maxDepth = 40;

/**
 * A relative file name for each path that can be unpacked on any system: it never leaves its folder,
 * no two are the same on a disk that ignores case, and none is a file and a folder at once. A safe
 * path that clashes with no other keeps its name. Depends on the set of paths, not on their order.
 */
export function safeNames(paths: readonly string[]): Map<string, string> {
	const wanted = [...new Set(paths)].sort().map((path) => ({ path, ...safePlace(path) }));
	const folders = new Set(wanted.flatMap(({ folder }) => foldersIn(fold(folder))));
	const taken = new Set<string>();
	const names = new Map<string, string>();

	function claim(path: string, name: string): boolean {
		const folded = fold(name);
		if (taken.has(folded) || folders.has(folded)) return false;
		taken.add(folded);
		names.set(path, name);
		return true;
	}

	const isSafe = ({ path, folder, file }: (typeof wanted)[number]) => path === folder + file;
	wanted.sort((a, b) => Number(isSafe(b)) - Number(isSafe(a)));
	const clashing = wanted.filter(({ path, folder, file }) => !claim(path, folder + file));
	const numbers = new Map<string, number>();
	for (const { path, folder, file } of clashing) {
		const { stem, extension } = split(file);
		const start = folder + cut(stem, maxNumberedStemBytes);
		let number = numbers.get(fold(start + extension)) ?? 2;
		while (!claim(path, `${start}-${number}${extension}`)) number++;
		numbers.set(fold(start + extension), number + 1);
	}
	return names;
}

/** Of `a/b/`: `a` and `a/b`. */
function foldersIn(folder: string): string[] {
	return [...folder.matchAll(/\//g)].map(({ index }) => folder.slice(0, index));
}

/** A safe folder, empty or ending in a slash, and a safe name in it. */
function safePlace(path: string): { folder: string; file: string } {
	const segments = path.split(/[/\\]/).filter((segment) => segment !== '' && segment !== '.');
	const file = safeSegment(segments.pop() ?? '');
	let folder = '';
	for (const segment of segments.slice(0, maxDepth)) {
		const deeper = `${folder}${safeSegment(segment)}/`;
		if (bytes(deeper + file) > maxPathBytes) break;
		folder = deeper;
	}
	return { folder, file };
}

function safeSegment(segment: string): string {
	// The expressions below take quadratic time on a long run of dots; the ends are all that is kept.
	const ends = segment.length > 1000 ? segment.slice(0, 500) + segment.slice(-500) : segment;
	// `https:` and `C:` read best without their colon.
	return clean(shorten(clean(ends.toWellFormed().replace(/(?<=.):+$/s, ''))));
}

function clean(text: string): string {
	const name = accepted(text);
	// Some disks do not see invisible characters: without them it must be a good name too.
	const visible = withoutInvisible(name);
	const good = accepted(visible) === visible ? name : accepted(visible);
	const folded = fold(good);
	// A downloaded archive must not bring settings into somebody's git repository.
	const special = folded === namesFile || /^(?:\.git|git~\d+)$/.test(folded);
	return special ? `_${folded}` : good;
}

/** What Windows, macOS and Linux all accept as a name, in NFC. */
function accepted(text: string): string {
	return filenamify(text, { replacement: '_', maxLength: Number.POSITIVE_INFINITY });
}

/** Equal for names that any common disk takes for the same; coarser than lower case and NFC. */
function fold(name: string): string {
	const lower = name.toLowerCase().normalize('NFC').toUpperCase().toLowerCase();
	return withoutInvisible(lower).normalize('NFC');
}

function withoutInvisible(text: string): string {
	return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '');
}

function shorten(name: string): string {
	if (bytes(name) <= maxSegmentBytes) return name;
	const { stem, extension } = split(name);
	const start = cut(stem, maxSegmentBytes - bytes(extension)).replace(/[. ]+$/, '');
	return (start || '_') + extension;
}

function split(name: string): { stem: string; extension: string } {
	const dot = name.lastIndexOf('.');
	const extension = dot > 0 ? name.slice(dot) : '';
	if (bytes(extension) > maxExtensionBytes) return { stem: name, extension: '' };
	return { stem: name.slice(0, name.length - extension.length), extension };
}

/** As many whole characters of the text as fit. */
function cut(text: string, limit: number): string {
	let room = limit;
	let end = 0;
	for (const character of text) {
		room -= bytes(character);
		if (room < 0) break;
		end += character.length;
	}
	return text.slice(0, end);
}

function bytes(text: string): number {
	return Buffer.byteLength(text);
}
