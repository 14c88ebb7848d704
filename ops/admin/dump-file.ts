import { createReadStream } from 'node:fs';
import { type Duplex, PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { Refused } from './refused.ts';

/** How a dump is compressed goes by its name. */
export function compressorFor(file: string): Duplex {
	if (file.endsWith('.zst')) return createZstdCompress();
	return file.endsWith('.gz') ? createGzip() : new PassThrough();
}

export function decompressorFor(file: string): Duplex {
	if (file.endsWith('.zst')) return createZstdDecompress();
	return file.endsWith('.gz') ? createGunzip() : new PassThrough();
}

/**
 * Passes a dump on, and reports at the end whether it was whole, as the programs write that last, and whether it
 * is one of this product's database.
 */
export function wholeness(): Transform & { isWhole(): boolean; isOurs(): boolean } {
	let end = '';
	let ours = false;
	const transform = new Transform({
		transform(chunk: Buffer, _, done) {
			const text = end + chunk.toString('latin1');
			ours ||= text.includes('CREATE TABLE `contracts`');
			end = text.slice(-200);
			done(null, chunk);
		},
	});
	return Object.assign(transform, {
		isWhole: () => /^-- Dump completed/m.test(end),
		isOurs: () => ours,
	});
}

/** Reads a dump to its end before anything is destroyed for it. Throws a `Refused` for one that is not whole. */
export async function verifyDump(file: string, signal: AbortSignal): Promise<void> {
	const whole = wholeness();
	try {
		await pipeline(createReadStream(file), decompressorFor(file), whole, drain, { signal });
	} catch (error) {
		signal.throwIfAborted();
		const reason = error instanceof Error ? error.message : String(error);
		throw new Refused(`${file} cannot be read: ${reason}`);
	}
	if (!whole.isWhole()) {
		throw new Refused(`${file} is not a whole backup: its last line is not "-- Dump completed".`);
	}
	if (!whole.isOurs()) {
		throw new Refused(`${file} is a backup of another database: it holds no table of contracts.`);
	}
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of source);
}

/** MariaDB's dumps begin with a line for MariaDB's client that MySQL's does not know. */
export function withoutSandboxLine(): Transform {
	let first = true;
	return new Transform({
		transform(chunk: Buffer, _, done) {
			const line = first
				? /^\/\*M?!999999\\- [^\n]*\n/.exec(chunk.toString('latin1', 0, 200))
				: null;
			first = false;
			done(null, line ? chunk.subarray(line[0].length) : chunk);
		},
	});
}
