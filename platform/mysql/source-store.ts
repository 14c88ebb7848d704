import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress } from 'node:zlib';
import { inArray } from 'drizzle-orm';
import { parseJsonExactly } from '../../domain/exact-json.ts';
import type { SourceStore } from '../../domain/ports.ts';
import type { StandardJson } from '../../domain/source.ts';
import type { Database, MySql } from './connection.ts';
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

/** Standard JSON inputs, ABIs and long constructor arguments, each stored once for all contracts that have it. */
export function createSourceStore({
	database,
	pool,
}: Pick<MySql, 'database' | 'pool'>): SourceStore {
	const save = createGather((blobs: Blob[]) => saveBlobs(pool, blobs), gathered);
	return {
		async saveSource({ description, standardJson, abi, longArguments }) {
			const { hash, abiHash, argumentsHash } = description;
			await Promise.all([
				save({ hash, value: standardJson }),
				abiHash === null ? null : save({ hash: abiHash, value: abi }),
				argumentsHash === null ? null : save({ hash: argumentsHash, value: longArguments }),
			]);
		},
		readStandardJsons: (hashes) => readBlobs<StandardJson>(database, hashes),
		readAbis: (hashes) => readBlobs<unknown[]>(database, hashes),
		readArguments: (hashes) => readBlobs<string>(database, hashes),
	};
}

// Statements of one form each: to have the query builder make them anew cost more than it spares.
const select =
	'select `hash`, `created_at` < timestampadd(hour, -12, utc_timestamp(3)) as isOld from `source_blobs` where `hash` in (?)';
// What nothing names may be removed a day after this, and not before it will be named.
const renewal = 'update `source_blobs` set `created_at` = utc_timestamp(3) where `hash` in (?)';
const insertion =
	'insert ignore into `source_blobs` (`hash`, `content`, `size`, `created_at`) values ';
const insertedRow = '(?, ?, ?, utc_timestamp(3))';

interface Known {
	hash: Buffer;
	isOld: number;
}

/** Those that are there, and stay for long enough to be named. */
async function knownAmong(pool: MySql['pool'], keys: readonly unknown[]): Promise<Buffer[]> {
	const found = async () => (await pool.query({ sql: select, values: [keys] }))[0] as Known[];
	const known = await found();
	const old = known.filter(({ isOld }) => isOld).map(({ hash }) => hash);
	if (old.length > 0) {
		await pool.query({ sql: renewal, values: [old] });
		// Some may have been removed before it.
		return (await found()).map(({ hash }) => hash);
	}
	return known.map(({ hash }) => hash);
}

async function saveBlobs(pool: MySql['pool'], blobs: readonly Blob[]): Promise<Promise<void>[]> {
	const wanted = new Map(blobs.map(({ hash, value }) => [hash, value]));
	const keys = [...wanted.keys()].map((hash) => sourceBlobs.hash.mapToDriverValue(hash));
	for (const hash of await knownAmong(pool, keys)) wanted.delete(hash.toString('hex'));
	// One order for all, so that two inserts do not wait for each other in a circle.
	const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
	const rows: Row[] = [];
	// One after the other: each works on memory of its own, and several at once cost five times as much.
	for (const [hash, value] of sorted) rows.push(await rowOf(hash, value));
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

	async function insert(some: readonly Row[]): Promise<void> {
		const values = some.flatMap(({ hash, ...row }) => [
			sourceBlobs.hash.mapToDriverValue(hash),
			row.content,
			row.size,
		]);
		await pool.query({ sql: insertion + some.map(() => insertedRow).join(', '), values });
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

/** Up to this size handing it to a thread would cost more than it spares. */
const smallBytes = 64 * 1024;

async function rowOf(hash: string, value: unknown) {
	const json = Buffer.from(JSON.stringify(value));
	const options = {
		params: { [ZSTD_c_compressionLevel]: 9 },
		// Without it every small source has the memory of the largest made ready.
		pledgedSrcSize: json.length,
	};
	const isSmall = json.length <= smallBytes;
	const content = isSmall ? zstdCompressSync(json, options) : await compress(json, options);
	return { hash, content, size: json.length };
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
		found.set(row.hash, parseJsonExactly((await decompress(row.content)).toString()) as T);
	}
	return hashes.map((hash) => found.get(hash) ?? null);
}
