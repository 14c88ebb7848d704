import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { inArray, sql } from 'drizzle-orm';
import type { SourceStore } from '../../domain/ports.ts';
import type { StandardJson } from '../../domain/source.ts';
import type { Database } from './connection.ts';
import { createGather } from './gather.ts';
import { isOutage } from './primary.ts';
import { sourceBlobs } from './tables.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const { ZSTD_c_compressionLevel } = constants;

/** A value, and the hash that names it. */
interface Blob {
	hash: string;
	value: unknown;
}

/** Two inserts at once: what is to be saved meanwhile shares the next one. Sources are large: few of them. */
const gathered = { atOnce: 2, most: 20 };

/** Standard JSON inputs and ABIs, each stored once for all contracts that have it. */
export function createSourceStore(database: Database): SourceStore {
	const save = createGather((blobs: Blob[]) => saveBlobs(database, blobs), gathered);
	return {
		async saveSource({ description, standardJson, abi }) {
			const { hash, abiHash } = description;
			await Promise.all([
				save({ hash, value: standardJson }),
				abiHash === null ? null : save({ hash: abiHash, value: abi }),
			]);
		},
		readStandardJsons: (hashes) => readBlobs<StandardJson>(database, hashes),
		readAbis: (hashes) => readBlobs<unknown[]>(database, hashes),
	};
}

async function saveBlobs(database: Database, blobs: readonly Blob[]): Promise<Promise<void>[]> {
	const wanted = new Map(blobs.map(({ hash, value }) => [hash, value]));
	const known = await database
		.select({ hash: sourceBlobs.hash })
		.from(sourceBlobs)
		.where(inArray(sourceBlobs.hash, [...wanted.keys()]));
	for (const { hash } of known) wanted.delete(hash);
	// One order for all, so that two inserts do not wait for each other in a circle.
	const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
	const rows = await Promise.all(sorted.map(([hash, value]) => rowOf(hash, value)));
	const failures = new Map<string, unknown>();
	for (const part of parts(rows)) {
		try {
			await insert(part);
		} catch (reason) {
			// One of them may be to blame: each is tried by itself.
			if (part.length === 1 || isOutage(reason)) fail(part, reason);
			else await Promise.all(part.map((row) => insert([row]).catch((one) => fail([row], one))));
		}
	}

	function fail(failed: readonly Row[], reason: unknown): void {
		for (const { hash } of failed) failures.set(hash, reason);
	}

	async function insert(some: Row[]): Promise<void> {
		await database.insert(sourceBlobs).ignore().values(some);
	}

	return blobs.map(async ({ hash }) => {
		if (failures.has(hash)) throw failures.get(hash);
	});
}

/** A statement may not be longer than the server takes at once, which is 16 MB at the least. */
const mostBytes = 4_000_000;

function parts(rows: readonly Row[]): Row[][] {
	const found: Row[][] = [];
	let bytes = Infinity;
	for (const row of rows) {
		bytes += row.content.length;
		if (bytes > mostBytes) {
			found.push([]);
			bytes = row.content.length;
		}
		found.at(-1)?.push(row);
	}
	return found;
}

type Row = Awaited<ReturnType<typeof rowOf>>;

async function rowOf(hash: string, value: unknown) {
	const json = Buffer.from(JSON.stringify(value));
	const content = await compress(json, {
		params: { [ZSTD_c_compressionLevel]: 9 },
		// Without it every small source has the memory of the largest made ready.
		pledgedSrcSize: json.length,
	});
	return { hash, content, size: json.length, createdAt: sql`utc_timestamp(3)` };
}

/** What `saveSource` has stored, under the hash of the same value; null for a hash that is not there. */
async function readBlobs<T>(database: Database, hashes: readonly string[]): Promise<(T | null)[]> {
	if (hashes.length === 0) return [];
	const rows = await database
		.select({ hash: sourceBlobs.hash, content: sourceBlobs.content })
		.from(sourceBlobs)
		.where(inArray(sourceBlobs.hash, [...new Set(hashes)]));
	const found = new Map<string, T>();
	for (const row of rows) {
		found.set(row.hash, JSON.parse((await decompress(row.content)).toString()) as T);
	}
	return hashes.map((hash) => found.get(hash) ?? null);
}
