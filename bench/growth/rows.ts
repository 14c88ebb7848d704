/** What the made-up contracts are like. All of it is computed by the database from a row's number: no row is sent to it. */

/** Share of each chain; they are met in the order of their ids, which is that of the rows. */
const shares: Readonly<Record<number, number>> = {
	...{ 1: 0.4, 10: 0.05, 56: 0.2, 100: 0.02, 137: 0.12, 8453: 0.1, 42161: 0.08 },
	...{ 43114: 0.025, 59144: 0.005 },
};

/** A chain on which errors are long past, and one on which nothing has happened for a year. */
export const calmChain = 43114;
export const quietChain = 59144;

/** Names that many contracts have; the others have some fifty each, however many contracts there are. */
export const popularName = 'ERC1967Proxy';
const popular = [popularName, 'TransparentUpgradeableProxy', popularName, 'UniswapV2Pair'];

/** One distinct source for so many contracts. */
export const contractsPerSource = 20;

/** Unfinished ones of each kind, at every size: how long the queue is has nothing to do with what is finished. */
export const unfinishedOfEach = 200;

interface Part {
	chainId: number;
	/** Number of its first row. */
	from: number;
	size: number;
}

function partsOf(count: number): Part[] {
	let from = 1;
	return Object.entries(shares).map(([chainId, share], index, all) => {
		const rest = index === all.length - 1;
		const size = rest ? count - from + 1 : Math.round(count * share);
		const part = { chainId: Number(chainId), from, size };
		from += part.size;
		return part;
	});
}

/** A number from 0 to 1 out of eight digits of a hash. */
const uniform = (digit: number) => `conv(substr(h, ${digit}, 8), 16, 10) / 4294967296`;

/** A row's number and hash, its key, and three numbers by chance of it: `a`, `b`, `c`. */
function drawn(count: number, where = 'true'): string {
	const parts = partsOf(count);
	const froms = parts.map(({ from }) => from).join();
	const each = (value: (part: Part) => number) =>
		`elt(interval(seq, ${froms}), ${parts.map(value).join()}) + 0`;
	return `
		select n, h, chain_id, ${uniform(1)} as a, ${uniform(9)} as b, ${uniform(17)} as c,
			unhex(concat(lpad(hex(floor((n - first) * 4294967296 / size)), 8, '0'), md5(concat('address ', n)))) as address
		from (
			select seq as n, md5(seq) as h, ${each(({ chainId }) => chainId)} as chain_id,
				${each(({ from }) => from)} as first, ${each(({ size }) => size)} as size
			from seq_1_to_${count} where ${where}
		) numbered`;
}

/** Keys of so many rows by chance, in no order; no page of the tables is read for it. */
export function keysOf(count: number, wanted: number): string {
	const step = Math.floor(count / wanted);
	return `select chain_id as chainId, concat('0x', lower(hex(address))) as address
		from (${drawn(count, `seq % ${step} = ${Math.min(4, step - 1)}`)}) drawn order by h limit ${wanted}`;
}

/**
 * Rows in the order of their keys. A source is the more frequent the lower its number; of two years, each moment is as
 * likely as any other.
 */
export function contractsOf(count: number): string {
	const step = Math.floor(count / unfinishedOfEach);
	const distinct = Math.ceil(count / contractsPerSource);
	return `
		select chain_id, address, status, version,
			version - 1 as attempts, if(status = 'ERROR', 1, 0) as failures,
			if(version < 3, '2099-01-01' + interval n % 1000 second, null) as due_at,
			null as next_attempt_at,
			if(status = 'ERROR', 'NOT_VERIFIED', null) as error_code,
			if(status = 'ERROR', 'No upstream has verified source code of this contract.', null) as error_message,
			if(status = 'ERROR', 0, null) as error_retryable,
			null as ruled_out, 0 as depth, s.hash as source_hash, s.name as source_name,
			timestampadd(second, -5, at) as created_at, at as updated_at,
			timestampadd(second, -5, at) as submitted_at,
			if(n % 10 = 0, concat('00-', h, '-', left(h, 16), '-01'), null) as trace
		from (
			select *,
				case when n % ${step} = 1 then 'CREATED' when n % ${step} = 2 then 'PROCESS'
					when b < 0.12 and (chain_id <> ${calmChain} or c > 0.5) then 'ERROR' else 'SUCCESS' end as status,
				case when n % ${step} = 1 then 1 when n % ${step} = 2 then 2 else 3 end as version,
				timestampadd(second, -60 - floor(63072000 * if(chain_id = ${quietChain}, 0.5 + c / 2, c)),
					'2026-11-01 00:00:00') + interval n % 1000 * 1000 microsecond as at
			from (${drawn(count)}
			) drawn
		) made
		left join fill_sources s on s.number = if(status = 'SUCCESS' or (status = 'ERROR' and b < 0.006),
			floor(${distinct} * a * a * a), null)`;
}

/** The distinct sources: number, hashes, name, and which real one each is a copy of. */
export function sourcesOf(count: number, templates: number): string {
	const distinct = Math.ceil(count / contractsPerSource);
	const names = popular.map((name) => `'${name}'`).join();
	return `
		select seq as number, unhex(sha2(concat('source ', seq), 256)) as hash,
			unhex(sha2(concat('abi ', seq), 256)) as abi_hash,
			if(seq < ${distinct} / 1000, elt(1 + seq % ${popular.length}, ${names}),
				concat('Token', seq % ${Math.ceil(distinct / 3)})) as name,
			floor(conv(left(md5(concat('template ', seq)), 8), 16, 10) * ${templates} / 4294967296) as template
		from seq_0_to_${distinct - 1}`;
}

export const eventsOfAll = `
	select c.chain_id, c.address, e.seq as version,
		case e.seq when 1 then 'CREATED' when 2 then 'PROCESS' else c.status end as status,
		least(1, e.seq - 1) as attempt,
		if(e.seq = 3, c.error_code, null) as error_code,
		if(e.seq = 3, c.error_message, null) as error_message,
		if(e.seq = 3, c.error_retryable, null) as error_retryable,
		null as next_attempt_at, timestampadd(second, 2 * cast(e.seq as signed) - 6, c.updated_at) as at, c.trace
	from contracts c straight_join seq_1_to_3 e where e.seq <= c.version`;

export const contractSourcesOfAll = `
	select c.chain_id, c.address, s.hash,
		replace(replace(replace(t.description, t.hash, lower(hex(s.hash))), t.abi_hash, lower(hex(s.abi_hash))),
			concat('"name":"', t.name, '"'), concat('"name":"', s.name, '"')) as description,
		c.updated_at as fetched_at
	from contracts c straight_join fill_sources s on s.hash = c.source_hash
	straight_join fill_templates t on t.id = s.template`;

/** In the order of their hashes, as each is the table's key. */
export const blobsOfAll = `
	select b.hash, if(b.abi, t.abi, t.content) as content, if(b.abi, t.abi_size, t.size) as size,
		'2026-11-01' as created_at
	from (
		select hash, template, 0 as abi from fill_sources
		union all select abi_hash, template, 1 from fill_sources
		order by hash limit 18446744073709551615
	) b
	straight_join fill_templates t on t.id = b.template`;
