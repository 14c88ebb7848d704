import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';

/** Bytes that the bomb inflates to. */
export const bombBytes = 264 * 1024 * 1024;

const chunk = Buffer.alloc(1024 * 1024, 'a');
let bomb: Promise<Buffer> | undefined;

/** About 260 KB of gzip that inflate to 264 MB of JSON text; made once, when it is first asked for. */
export function gzipBomb(): Promise<Buffer> {
	bomb ??= buffer(Readable.from(pieces()).pipe(createGzip({ level: 9 })));
	return bomb;
}

function* pieces(): Generator<Buffer> {
	yield Buffer.from('{"status":"1","message":"OK","result":[{"SourceCode":"');
	for (let sent = 0; sent < bombBytes; sent += chunk.length) yield chunk;
	yield Buffer.from('"}]}');
}
