import { deepStrictEqual } from 'node:assert/strict';
import {
	findContracts,
	findOldest,
	findStuck,
	readOverview,
} from '../../ops/admin/find-contracts.ts';
import { countFinished, readOutbox, readUnfinished } from '../../platform/mysql/contract-counts.ts';
import { randomAddress } from '../../test/harness/contracts.ts';
import { lists } from './lists.ts';
import { notInPool, type Shape } from './shape.ts';
import type { Key, Site } from './site.ts';

const fields = 'address chainId status version source { name provider }';
const one = (field: string, selection = fields) =>
	`query ($address: Address!, $chainId: Int!) { ${field}(address: $address, chainId: $chainId) { ${selection} } }`;

const read = (field: string, selection?: string) => async (site: Site, key: Key | undefined) => {
	if (!key) throw new Error('all contracts have been asked for: fewer pairs, please');
	const data = await site.ask(one(field, selection), { ...key });
	const found = data[field] as { version: number } | null;
	deepStrictEqual(found?.version, 3);
};
const readContract = read('contract');
const readCached = read('cachedContract');
const readAll = read('contract', `${fields} history { version status at } sources { name hash }`);

const hot = (site: Site, turn: number) => site.hot[turn % site.hot.length];

const reads: Shape[] = [
	{
		title: 'contract, asked for before',
		call: (site, turn) => readContract(site, hot(site, turn)),
	},
	{
		title: 'contract, for the first time',
		call: (site) => readContract(site, site.cold.pop()),
		grows: notInPool,
		most: 40,
	},
	{
		title: 'cachedContract, not in the cache',
		async prepare({ system: { redis }, hot: keys }) {
			await redis.del(keys.map(({ chainId, address }) => `contract:${chainId}:${address}`));
		},
		call: (site, turn) => readCached(site, hot(site, turn)),
		most: 100,
	},
	{
		title: 'contract with history and sources',
		call: (site, turn) => readAll(site, hot(site, turn)),
	},
	{
		title: 'submitContract, a new address',
		async call(site) {
			const data = await site.ask(
				'mutation ($address: Address!) { submitContract(address: $address) { version } }',
				{ address: randomAddress() },
			);
			deepStrictEqual(data, { submitContract: { version: 1 } });
		},
		grows: 'a new address belongs on a page that nobody has asked for',
	},
];

const work: Shape[] = [
	{
		title: 'sweeper: take 200 due contracts',
		async prepare({ database }) {
			// By the index, as everything else is finished.
			await database.query(
				"update contracts set due_at = '2026-01-01' where due_at is not null order by due_at limit 200",
			);
		},
		async call({ store }) {
			deepStrictEqual((await store.takeDue(200, 3_600_000)).length, 200);
		},
		most: 20,
	},
	{
		title: 'sweeper: nothing is due',
		async prepare({ database }) {
			await database.query(
				"update contracts set due_at = '2099-01-01' where due_at < '2099-01-01'",
			);
		},
		async call({ store }) {
			deepStrictEqual(await store.takeDue(200, 3_600_000), []);
			await store.recallLost(200, { graceMs: 15_000, leaseMs: 60_000 });
		},
	},
	{
		title: 'how many wait',
		call: ({ store }) => store.countWaiting(),
	},
	{
		title: 'warm-up of 2,000',
		prepare: ({ system }) => system.redis.flushdb(),
		async call({ system }) {
			const warmup = system.run('warmup/main.ts', { WARMUP_COUNT: '2000' });
			const line = await warmup.logged(({ message }) => message === 'cache warmed');
			await warmup.exit;
			return Number(line['seconds']) * 1_000;
		},
		saysItself: true,
		most: 1,
	},
	{
		title: 'metrics: what is not finished and what is due',
		async call({ database: { connection } }) {
			await readUnfinished(connection);
			await readOutbox(connection);
		},
	},
	{
		title: 'metrics: what is finished',
		call: ({ database: { connection } }) => countFinished(connection, 120_000),
		grows: 'it counts them one by one, in a hundredth of the time',
		most: 1,
	},
];

const admin: Shape[] = [
	{
		title: 'admin: errors, the oldest first',
		async call({ mysql }) {
			const found = await findContracts(mysql.database, { statuses: ['ERROR'] }, 100);
			deepStrictEqual(found.length, 100);
		},
	},
	{
		title: 'admin: contracts stuck',
		async call({ mysql }) {
			await findStuck(mysql.database, { forMs: 300_000, leaseMs: 60_000 }, 100);
		},
	},
	{
		title: 'admin: contracts oldest',
		async call({ mysql }) {
			deepStrictEqual((await findOldest(mysql.database, undefined, 20)).length, 20);
		},
	},
	{
		title: 'admin: status',
		call: ({ mysql }) => readOverview(mysql.database),
		grows: 'it counts all contracts, for a person who waits',
		most: 1,
	},
];

export const shapes: readonly Shape[] = [...reads, ...lists, ...work, ...admin];
