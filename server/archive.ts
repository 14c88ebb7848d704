import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { SourceFile } from '../domain/source.ts';
import { namesFile, safeNames } from './archive-names.ts';

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
