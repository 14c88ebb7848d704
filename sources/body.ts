import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { UpstreamFailure } from './failure.ts';

/** More than any error page needs; the rest of one is not read. */
const errorPageBytes = 64 * 1024;

/** What is cut short is given as far as it goes: whoever reads it sees that its end is missing. */
const zlib = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const brotli = {
	flush: constants.BROTLI_OPERATION_FLUSH,
	finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

const decoders: Readonly<Record<string, () => Transform>> = {
	gzip: () => createGunzip(zlib),
	'x-gzip': () => createGunzip(zlib),
	deflate: () => createInflate(zlib),
	br: () => createBrotliDecompress(brotli),
};
/** More layers than any server needs. */
const mostLayers = 5;

/** The encodings that can be read. */
export const acceptEncoding = 'gzip, deflate, br';

/**
 * The text of a body, of which `maxBytes` are read at most, counted after decompression. A good answer
 * is exactly what was sent, save a byte order mark before it, or an `UpstreamFailure`; of an error
 * page the rest is cut, and bytes that are not UTF-8 are replaced.
 */
export async function readBody(
	response: IncomingMessage,
	maxBytes: number,
	host: string,
): Promise<string> {
	const { statusCode: status = 0 } = response;
	const isGood = status >= 200 && status < 300;
	const limit = isGood ? maxBytes : Math.min(maxBytes, errorPageBytes);
	const { bytes, isWhole } = await collect(decoded(response), limit);
	if (!isWhole) {
		// With it goes the connection, on which the rest would follow.
		response.destroy();
		if (isGood) throw tooLarge(host, maxBytes);
	}
	return isGood ? exactText(bytes, host) : new TextDecoder().decode(bytes);
}

/** Undoes the encodings, the last one first; a body in one that nobody knows stays as it is. */
function decoded(response: IncomingMessage): Readable {
	const names = (response.headers['content-encoding'] ?? '').toLowerCase().split(',');
	const layers = names.map((name) => name.trim()).filter((name) => name !== '');
	if (layers.length === 0) return response;
	if (layers.length > mostLayers) throw Object.assign(new Error(), { code: 'Z_LAYERS' });
	const made = layers.toReversed().map((name) => decoders[name]?.());
	const transforms = made.filter((transform) => transform !== undefined);
	if (transforms.length < made.length) return response;
	// Its failure is that of the stream that is read.
	return pipeline([response, ...transforms], () => {}) as Transform;
}

interface Collected {
	bytes: Uint8Array;
	/** Whether that is all there was. */
	isWhole: boolean;
}

/** What comes of a stream, up to the limit and the chunk that passes it. */
function collect(stream: Readable, limit: number): Promise<Collected> {
	const { promise, resolve, reject } = Promise.withResolvers<Collected>();
	// One buffer: a chunk may be as small as a byte, and millions of them would cost far more.
	let bytes: Uint8Array = new Uint8Array();
	let size = 0;
	const end = (isWhole: boolean) => resolve({ bytes: bytes.subarray(0, size), isWhole });
	stream.on('data', (chunk: Buffer) => {
		bytes = withRoom(bytes, size, size + chunk.length);
		bytes.set(chunk, size);
		size += chunk.length;
		if (size <= limit) return;
		stream.pause();
		end(false);
	});
	stream.on('end', () => end(true));
	stream.on('error', reject);
	// One may be gone in mid-body without an error.
	stream.on('close', () => reject(Object.assign(new Error(), { code: 'ECONNRESET' })));
	return promise;
}

function withRoom(bytes: Uint8Array, used: number, needed: number): Uint8Array {
	if (needed <= bytes.length) return bytes;
	const larger = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2));
	larger.set(bytes.subarray(0, used));
	return larger;
}

function exactText(bytes: Uint8Array, host: string): string {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	try {
		const text = decoder.decode(bytes, { stream: true });
		return text + endOf(decoder, host);
	} catch (error) {
		if (error instanceof UpstreamFailure) throw error;
		throw new UpstreamFailure('MALFORMED', `The answer of ${host} is not text in UTF-8.`);
	}
}

/** Throws where a character lacks its end, and with it the body. */
function endOf(decoder: TextDecoder, host: string): string {
	try {
		return decoder.decode();
	} catch {
		throw new UpstreamFailure('TRANSIENT', `The answer of ${host} ends within a character.`);
	}
}

function tooLarge(host: string, maxBytes: number): UpstreamFailure {
	const message = `The answer of ${host} is larger than the ${maxBytes} bytes that this server reads.`;
	return new UpstreamFailure('TOO_LARGE', message);
}
