import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { inArray, sql } from 'drizzle-orm';
import type { SourceStore } from '../../domain/ports.ts';
import type { StandardJson } from '../../domain/source.ts';
import type { Database } from './connection.ts';
import { sourceBlobs } from './tables.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const level = { params: { [constants.ZSTD_c_compressionLevel]: 9 } };

/** Standard JSON inputs and ABIs, each stored once for all contracts that have it. */
export function createSourceStore(database: Database): SourceStore {
	async function put(hash: string, value: unknown): Promise<void> {
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

	async function get<T>(hashes: readonly string[]): Promise<(T | null)[]> {
		if (hashes.length === 0) return [];
		const rows = await database
			.select({ hash: sourceBlobs.hash, content: sourceBlobs.content })
			.from(sourceBlobs)
			.where(inArray(sourceBlobs.hash, [...new Set(hashes)]));
		const found = new Map<string, T>();
		for (const row of rows) {
			// Written by `put` alone, under the hash of the same value.
			found.set(row.hash, JSON.parse((await decompress(row.content)).toString()) as T);
		}
		return hashes.map((hash) => found.get(hash) ?? null);
	}

	return {
		async save({ description, standardJson, abi }) {
			await put(description.hash, standardJson);
			if (description.abiHash !== null) await put(description.abiHash, abi);
		},
		standardJsons: (hashes) => get<StandardJson>(hashes),
		abis: (hashes) => get<unknown[]>(hashes),
	};
}
