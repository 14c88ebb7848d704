import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Exchange, send, sentNotModified } from './http-answer.ts';

/** In the order of choice. */
const codings = ['br', 'gzip', 'identity'] as const;
type Coding = (typeof codings)[number];

/** A file that is the same for everybody for as long as the process runs. */
export interface StaticFile {
	readonly type: string;
	/** Of its content, in letters that a URL takes as they are. */
	readonly hash: string;
	/** Compressed when it is first asked for, once, and beside the event loop. */
	in(coding: Coding): Promise<Buffer>;
}

/** `ahead`: as it was compressed when it was built. */
export function staticFile(
	content: string | Buffer,
	type: string,
	ahead: Partial<Record<Coding, Buffer | undefined>> = {},
): StaticFile {
	const bytes = Buffer.from(content);
	const made = new Map<Coding, Promise<Buffer>>();
	for (const coding of codings) {
		const compressed = ahead[coding];
		if (compressed) made.set(coding, Promise.resolve(compressed));
	}
	return {
		type,
		hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
		in(coding) {
			const before = made.get(coding);
			if (before) return before;
			const now = compressors[coding](bytes);
			made.set(coding, now);
			return now;
		},
	};
}

/** The highest quality takes ten times as long for a tenth less. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

const compressors = {
	br: (bytes) => promisify(brotliCompress)(bytes, quality),
	gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
	identity: async (bytes) => bytes,
} as const satisfies Record<Coding, (bytes: Buffer) => Promise<Buffer>>;

/** For a file whose URL holds its hash. */
export const immutable = { 'cache-control': 'public, max-age=31536000, immutable' };

/** Answers with the file as the client takes it, or with 304. */
export async function sendStatic(
	exchange: Exchange,
	file: StaticFile,
	headers: OutgoingHttpHeaders,
): Promise<void> {
	const coding = codingFor(exchange.request.headers['accept-encoding']);
	const own = {
		vary: 'Accept-Encoding',
		...headers,
		etag: `"${file.hash}-${coding}"`,
	};
	if (sentNotModified(exchange, own)) return;
	const body = await file.in(coding);
	const coded = coding === 'identity' ? {} : { 'content-encoding': coding };
	send(exchange, 200, { ...own, ...coded, 'content-type': file.type }, body);
}

function codingFor(accepted: string | string[] = ''): Coding {
	const parts = accepted.toString().toLowerCase().split(',');
	const taken = parts.filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part));
	const names = new Set(taken.map((part) => part.split(';', 1)[0]?.trim()));
	return codings.find((coding) => names.has(coding)) ?? 'identity';
}
