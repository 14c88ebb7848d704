import { createHash } from 'node:crypto';
import { type Address, checksummed, parseAddress } from '../../domain/address.ts';
import { ask, watch, watchOne } from '../../test/harness/client.ts';
import type { System } from '../../test/harness/system.ts';

/** What all sides are asked for: the same rows in MySQL, the same entries in Redis. */
export interface Dataset {
	/** Real contracts of the emulator, each with its own source; the smallest first. */
	real: readonly Address[];
	/** Rows with one real source, so that there are many of them within moments. */
	many: readonly Address[];
	/** What each of the many is answered with, except its address. */
	expected: { status: string; version: number; source: { name: string } };
}

const chainId = 1;
const addressesOf = (count: number) =>
	Array.from({ length: count }, (_, n) => {
		const digest = createHash('sha256').update(`contract ${n}`).digest('hex');
		return parseAddress(`0x${digest.slice(0, 40)}`);
	});

const submit = `mutation ($address: Address!) { submitContract(address: $address) { version } }`;

/** Has every contract of the emulator downloaded by a worker, and makes many more rows of one of them. */
export async function fill(system: System, count: number): Promise<Dataset> {
	const real = system.emulator.contracts
		.filter((contract) => contract.chainId === chainId)
		.toSorted((a, b) => a.bytes - b.bytes)
		.map(({ address }) => parseAddress(address));
	const server = await system.server();
	const worker = await system.worker();
	await Promise.all(
		real.map(async (address) => {
			await ask(server.url, submit, { address });
			for await (const _ of watch('ws', server.url, watchOne, { address })) {
				// Until it is finished.
			}
		}),
	);
	await worker.stop();
	await server.stop();
	const many = addressesOf(count);
	const template = bytes(real[0] ?? '');
	for (const table of ['contract_sources', 'contract_events', 'contracts']) {
		await replicate(system, table, template, many);
	}
	const { expected, entry } = await entryOf(system, template);
	const write = system.redis.pipeline();
	for (const address of many) write.set(`peer:${chainId}:${address}`, entry(address));
	await write.exec();
	return { real, many, expected };
}

async function replicate(
	{ database }: System,
	table: string,
	template: Buffer,
	addresses: readonly Address[],
): Promise<void> {
	const columns = await database.query<{ name: string }>(
		'select column_name as name from information_schema.columns where table_schema = database() and table_name = ?',
		[table],
	);
	const others = columns.map(({ name }) => `\`${name}\``).filter((name) => name !== '`address`');
	const from = others.map((name) => `t.${name}`).join(', ');
	await database.query('create temporary table addresses (address binary(20) primary key)');
	await database.query('insert into addresses values ?', [addresses.map((one) => [bytes(one)])]);
	await database.query(
		`insert into ${table} (address, ${others.join(', ')}) select a.address, ${from} from ${table} t, addresses a where t.address = ?`,
		[template],
	);
	await database.query('drop temporary table addresses');
}

interface Row {
	status: string;
	version: number;
	created_at: Date;
	updated_at: Date;
	description: string;
}

/** The entry that peers read from Redis: JSON of a contract with all that describes its source, as the product has it. */
async function entryOf({ database }: System, template: Buffer) {
	const [row] = await database.query<Row>(
		'select status, version, created_at, updated_at, description from contracts join contract_sources using (chain_id, address) where address = ?',
		[template],
	);
	if (!row) throw new Error('the contracts of the emulator were not downloaded');
	const { status, version } = row;
	const source = JSON.parse(row.description);
	const entry = (address: string) =>
		JSON.stringify({
			...{ chainId, address, status, version, attempts: 1, failures: 0, dueAt: null },
			...{ nextAttemptAt: null, error: null, ruledOut: [], depth: 0, source },
			...{ createdAt: row.created_at, updatedAt: row.updated_at, submittedAt: row.created_at },
			trace: null,
		});
	return { entry, expected: { status, version, source: { name: source.name as string } } };
}

function bytes(address: string): Buffer {
	return Buffer.from(address.slice(2), 'hex');
}

/** As the sides are asked for it, and answer it. */
export const shown = (addresses: readonly Address[]) => addresses.map(checksummed);
