import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { inArray, sql } from 'drizzle-orm';
import type { SourceStore } from '../../domain/ports.ts';
import type { FetchedSource, StandardJson } from '../../domain/source.ts';
import type { Database } from './connection.ts';
import { sourceBlobs } from './tables.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const level = { params: { [constants.ZSTD_c_compressionLevel]: 9 } };

/** Standard JSON inputs and ABIs, each stored once for all contracts that have it. */
export function createSourceStore(database: Database): SourceStore {
	return {
		saveSource: (source) => saveSource(database, source),
		readStandardJsons: (hashes) => readBlobs<StandardJson>(database, hashes),
		readAbis: (hashes) => readBlobs<unknown[]>(database, hashes),
	};
}

async function saveSource(
	database: Database,
	{ description, standardJson, abi }: FetchedSource,
): Promise<void> {
	await saveBlob(database, description.hash, standardJson);
	if (description.abiHash !== null) await saveBlob(database, description.abiHash, abi);
}

async function saveBlob(database: Database, hash: string, value: unknown): Promise<void> {
	const [known] = await database
		.select({ hash: sourceBlobs.hash })
		.from(sourceBlobs)
		.where(inArray(sourceBlobs.hash, [hash]));
	if (known) return;
	const json = Buffer.from(JSON.stringify(value));
	const content = await compress(json, level);
	await database
		.insert(sourceBlobs)
		.ignore()
		.values({ hash, content, size: json.length, createdAt: sql`utc_timestamp(3)` });
}

/** What `saveBlob` has stored, under the hash of the same value; null for a hash that is not there. */
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
