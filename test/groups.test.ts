import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Contract, type ContractKey, keyText } from '../domain/contract.ts';
import type { Emit } from '../domain/telemetry.ts';
import { type Decide, decideSubmit, move } from '../domain/transitions.ts';
import { type MySql, openMySql } from '../platform/mysql/connection.ts';
import { createContractStore } from '../platform/mysql/contract-store.ts';
import { randomAddress } from './harness/contracts.ts';
import { description } from './harness/description.ts';
import { createDatabase, type TestDatabase } from './harness/services.ts';

let database: TestDatabase;
let mysql: MySql;
let store: ReturnType<typeof createContractStore>;

/** Transactions that wrote contracts. */
let inserts = 0;
const emit: Emit = (event) => {
	if (event.type === 'mysql.called' && event.collection === 'contracts') {
		inserts += Number(event.operation === 'INSERT');
	}
};

beforeAll(async () => {
	database = await createDatabase();
	mysql = openMySql(database.url, { connections: 4, timeoutMs: 60_000, emit });
	store = createContractStore(mysql);
});
afterAll(async () => {
	await mysql.close();
	await database.drop();
});

const submit = decideSubmit({ refresh: false, graceMs: 60_000, notVerifiedMs: 60_000 });
const fresh = (): ContractKey => ({ chainId: 1, address: randomAddress() });
const forward: Decide = (current, now, key) => {
	if (!current) return submit(current, now, key);
	if (current.status === 'CREATED') return move(key, current, now, { status: 'PROCESS' });
	const source = { ...description, fetchedAt: now };
	return move(key, current, now, { status: 'SUCCESS', source });
};

/** Keeps both places busy, so that all that is asked meanwhile is one group. */
async function inGroup<T>(work: () => T, of = store): Promise<T> {
	const busy = [1, 2].map(() => of.changeContracts([fresh()], submit));
	await Promise.resolve();
	const asked = work();
	await Promise.all(busy);
	return asked;
}

const grouped = <T>(work: () => Promise<T>[]) => inGroup(() => Promise.allSettled(work()));

async function histories(keys: readonly ContractKey[]) {
	const found = await store.readHistories(keys);
	return found.map((events) => events.map(({ version, status }) => `${version} ${status}`));
}

test('what is asked while others are being committed shares a transaction', async () => {
	const keys = Array.from({ length: 100 }, fresh);
	const before = inserts;
	const outcomes = await grouped(() => keys.map((key) => store.changeContracts([key], submit)));
	expect(inserts - before).toBeLessThan(6);
	expect(outcomes).toMatchObject(
		keys.map((key) => ({ value: [{ contract: { ...key, version: 1 } }] })),
	);
	expect(await store.readContracts(keys)).toMatchObject(keys);
});

test('changes of one contract in one transaction follow one another', async () => {
	const key = fresh();
	const outcomes = await grouped(() => [1, 2, 3].map(() => store.changeContracts([key], forward)));
	expect(outcomes).toMatchObject([1, 2, 3].map((version) => ({ value: [{ event: { version } }] })));
	expect(await histories([key])).toEqual([['1 CREATED', '2 PROCESS', '3 SUCCESS']]);
	const contract = await store.readContract(key);
	expect(contract).toMatchObject({ status: 'SUCCESS', version: 3, source: { name: 'T' } });
	expect(await store.readSources([key], 9)).toMatchObject([[{ hash: description.hash }]]);
});

test('a decision that throws fails alone, with all that was asked with it', async () => {
	const [good, bad, beside] = [fresh(), fresh(), fresh()];
	const fails: Decide = (current, now, key) => {
		if (keyText(key) === keyText(bad)) throw new Error('not this one');
		return submit(current, now, key);
	};
	const outcomes = await grouped(() => [
		store.changeContracts([good], submit),
		store.changeContracts([beside, bad], fails),
		store.changeContracts([bad], submit),
	]);
	expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect(await store.readContract(beside)).toBeNull();
	expect(await histories([good, bad])).toEqual([['1 CREATED'], ['1 CREATED']]);
});

test('a contract that the database does not take fails alone', async () => {
	const keys = Array.from({ length: 5 }, fresh);
	const [bad] = keys;
	const tooDeep: Decide = (current, now, key) => {
		const change = submit(current, now, key);
		return change && { ...change, contract: { ...change.contract, depth: 1_000 } };
	};
	const outcomes = await grouped(() =>
		keys.map((key) => store.changeContracts([key], key === bad ? tooDeep : submit)),
	);
	expect(outcomes.map(({ status }) => status)).toEqual([
		'rejected',
		...keys.slice(1).map(() => 'fulfilled'),
	]);
	const found = await store.readContracts(keys);
	expect(found.map((contract: Contract | null) => contract?.version ?? null)).toEqual([
		null,
		...keys.slice(1).map(() => 1),
	]);
});

test('a contract that somebody keeps locked holds up nobody else', async () => {
	const locked = fresh();
	await store.changeContracts([locked], submit);
	const impatient = openMySql(database.url, { connections: 2, timeoutMs: 8_000 });
	const kept = Promise.withResolvers<void>();
	const release = Promise.withResolvers<void>();
	const keeping = mysql.database.transaction(async (tx) => {
		const { address } = locked;
		await tx.execute(
			sql`select 1 from contracts where address = unhex(${address.slice(2)}) for update`,
		);
		kept.resolve();
		await release.promise;
	});
	try {
		await kept.promise;
		const other = createContractStore(impatient);
		const { others, waiting } = await inGroup(
			() => ({
				waiting: other.changeContracts([locked], forward),
				others: [1, 2, 3].map(() => other.changeContracts([fresh()], submit)),
			}),
			other,
		);
		expect(await Promise.all(others)).toMatchObject(
			[1, 2, 3].map(() => [{ event: { version: 1 } }]),
		);
		release.resolve();
		expect(await waiting).toMatchObject([{ event: { version: 2 } }]);
	} finally {
		release.resolve();
		await keeping;
		await impatient.close();
	}
});

test('two processes that change the same contracts, in any order, each see what the other did', async () => {
	const other = openMySql(database.url, { connections: 4, timeoutMs: 60_000 });
	try {
		const stores = [store, createContractStore(other)];
		const keys = Array.from({ length: 40 }, fresh);
		const rounds = stores.flatMap((one, index) =>
			Array.from({ length: 10 }, (_, round) => {
				const order = (round + index) % 2 === 0 ? keys : keys.toReversed();
				return order.map((key) => one.changeContracts([key], forwardOnce));
			}),
		);
		await Promise.all(rounds.flat());
		expect(new Set((await histories(keys)).map((events) => events.join()))).toEqual(
			new Set(['1 CREATED,2 PROCESS,3 SUCCESS']),
		);
	} finally {
		await other.close();
	}
});

/** Nothing is left to do once there is a source. */
const forwardOnce: Decide = (current, now, key) =>
	current?.status === 'SUCCESS' ? null : forward(current, now, key);
