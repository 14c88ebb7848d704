import { failureWith, UpstreamFailure } from '../failure.ts';

/** More than any error page needs; the rest of one is not read. */
const errorPageBytes = 64 * 1024;

/**
 * The text of a body, of which `maxBytes` are read at most, counted after decompression. A good answer
 * is exactly what was sent, save a byte order mark before it, or an `UpstreamFailure`; of an error
 * page the rest is cut, and bytes that are not UTF-8 are replaced.
 */
export async function readBody(
	response: Response,
	maxBytes: number,
	host: string,
): Promise<string> {
	const limit = response.ok ? maxBytes : Math.min(maxBytes, errorPageBytes);
	// One buffer: a chunk may be as small as a byte, and millions of them would cost far more.
	let bytes: Uint8Array = new Uint8Array();
	let size = 0;
	// Leaving the loop cancels the stream, and with it the connection.
	for await (const chunk of response.body ?? []) {
		if (size + chunk.byteLength > limit && response.ok) throw tooLarge(host, maxBytes);
		bytes = withRoom(bytes, size, size + chunk.byteLength);
		bytes.set(chunk, size);
		size += chunk.byteLength;
		if (size > limit) break;
	}
	const body = bytes.subarray(0, size);
	return response.ok ? exactText(body, host) : new TextDecoder().decode(body);
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
		throw failureWith('MALFORMED', `The answer of ${host} is not text in UTF-8.`);
	}
}

/** Throws where a character lacks its end, and with it the body. */
function endOf(decoder: TextDecoder, host: string): string {
	try {
		return decoder.decode();
	} catch {
		throw failureWith('TRANSIENT', `The answer of ${host} ends within a character.`);
	}
}

function tooLarge(host: string, maxBytes: number): UpstreamFailure {
	const message = `The answer of ${host} is larger than the ${maxBytes} bytes that this server reads.`;
	return failureWith('TOO_LARGE', message);
}
