// What every peer in JavaScript reads, from the very rows and entries that Verifeed has.
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { GraphQLScalarType } from 'graphql';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';

export const typeDefs = `
scalar Address
scalar JSON
type File { path: String! content: String! size: Int! }
type Source { name: String! abi: JSON files: [File!]! }
type Event { version: Int! status: String! at: String! }
type Contract { address: Address! status: String! version: Int! source: Source history: [Event!]! }
type Query {
	cachedContract(address: Address!, chainId: Int! = 1): Contract
	contract(address: Address!, chainId: Int! = 1): Contract
}`;

const decompress = promisify(zstdDecompress);
const keyOf = (address) => Buffer.from(address.slice(2), 'hex');

/** The reads, as plainly as each can be written: one GET, one SELECT. */
export function openData() {
	const redis = new Redis(process.env.REDIS_URL);
	const pool = createPool({ uri: process.env.MYSQL_URL, connectionLimit: 10, timezone: 'Z' });
	const select = async (sql, values) => (await pool.execute(sql, values))[0];

	async function cachedContract(_root, { address, chainId }) {
		const text = await redis.get(`peer:${chainId}:${address.toLowerCase()}`);
		if (text === null) return null;
		const { status, version, source } = JSON.parse(text);
		return { address, status, version, source };
	}

	async function contract(_root, { address, chainId }) {
		const [row] = await select(
			'select status, version, source_name, source_hash from contracts where chain_id = ? and address = ?',
			[chainId, keyOf(address)],
		);
		if (!row) return null;
		const source = { name: row.source_name, hash: row.source_hash, address, chainId };
		return { address, chainId, status: row.status, version: row.version, source };
	}

	const blob = async (hash) => {
		const [row] = await select('select content from source_blobs where hash = ?', [hash]);
		return JSON.parse((await decompress(row.content)).toString());
	};

	const fields = {
		Contract: {
			history: ({ address, chainId }) =>
				select(
					'select version, status, at from contract_events where chain_id = ? and address = ? order by version',
					[chainId, keyOf(address)],
				),
		},
		Event: { at: ({ at }) => at.toISOString() },
		Source: {
			async files({ hash }) {
				const { sources } = await blob(hash);
				return Object.keys(sources)
					.sort()
					.map((path) => {
						const { content } = sources[path];
						return { path, content, size: Buffer.byteLength(content) };
					});
			},
			async abi({ hash, address, chainId }) {
				const [{ description }] = await select(
					'select description from contract_sources where chain_id = ? and address = ? and hash = ?',
					[chainId, keyOf(address), hash],
				);
				const { abiHash } = JSON.parse(description);
				return abiHash === null ? null : blob(Buffer.from(abiHash, 'hex'));
			},
		},
	};
	const scalar = (name) => new GraphQLScalarType({ name });
	const scalars = { Address: scalar('Address'), JSON: scalar('JSON') };
	return { resolvers: { Query: { cachedContract, contract }, ...fields, ...scalars } };
}
