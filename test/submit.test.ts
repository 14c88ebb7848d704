import { expect } from 'vitest';
import { all, ask, watch, watchMany, watchOne } from './harness/client.ts';
import { verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

const test = systemTest({ worker: {} });

const submit = `mutation ($address: Address!, $refresh: Boolean! = false) {
	submitContract(address: $address, refresh: $refresh) { status version attempts source { hash } }
}`;
const submitMany = `mutation ($addresses: [Address!]!) {
	submitContracts(addresses: $addresses) { address status version }
}`;

const submitEach = `mutation ($addresses: [String!]!) {
	submitEach(addresses: $addresses) { address contract { address status } refusal { code message } }
}`;

interface Submitted {
	submitContract: { status: string; version: number; attempts: number; source: unknown };
}

async function count(system: System, table: string): Promise<number> {
	const [row] = await system.database.query<{ n: number }>(`select count(*) as n from ${table}`);
	return Number(row?.n);
}

test('a hundred submissions of one address at once are one row and one download', async ({
	system,
	server,
}) => {
	const address = verified(system.emulator);
	const before = await count(system, 'contracts');
	const answers = await Promise.all(
		Array.from({ length: 100 }, () => ask<Submitted>(server.url, submit, { address })),
	);
	expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
	expect(await all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }))).toHaveLength(
		3,
	);
	expect(await count(system, 'contracts')).toBe(before + 1);
	expect(system.emulator.calls(1, address)).toBe(1);
});

test('batches that overlap, in any order, finish each address once and answer in the order asked', async ({
	system,
	server,
}) => {
	const addresses = Array.from({ length: 60 }, () => verified(system.emulator));
	const batches = Array.from({ length: 8 }, (_, index) =>
		index % 2 === 0 ? addresses : addresses.toReversed(),
	);
	const answers = await Promise.all(
		batches.map((batch) =>
			ask<{ submitContracts: { address: string }[] }>(server.url, submitMany, { addresses: batch }),
		),
	);
	for (const [index, { data, errors }] of answers.entries()) {
		expect(errors).toBeUndefined();
		expect(data.submitContracts.map(({ address }) => address)).toEqual(batches[index]);
	}
	await all(watch('ws', server.url, watchMany, { addresses }));
	expect(addresses.map((address) => system.emulator.calls(1, address))).toEqual(
		addresses.map(() => 1),
	);
});

test('of many addresses each is told what became of it, and a mistyped one leaves the others alone', async ({
	system,
	server,
}) => {
	const good = verified(system.emulator);
	const bad = good.replace(/.$/, 'g');
	const addresses = [good.toLowerCase(), bad, good, ''];
	const { data, errors } = await ask<{ submitEach: unknown[] }>(server.url, submitEach, {
		addresses,
	});
	expect(errors).toBeUndefined();
	const taken = { contract: { address: good, status: 'CREATED' }, refusal: null };
	const refused = (message: RegExp) => ({
		contract: null,
		refusal: { code: 'BAD_USER_INPUT', message: expect.stringMatching(message) },
	});
	expect(data.submitEach).toEqual([
		{ address: addresses[0], ...taken },
		{ address: bad, ...refused(/"g" at position 42 is not a hex digit/) },
		{ address: good, ...taken },
		{ address: '', ...refused(/has to start with 0x/) },
	]);
	const tooMany = await ask(server.url, submitEach, { addresses: Array(101).fill(good) });
	expect(tooMany.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a contract with source is returned as it is, and downloaded again only by refresh', async ({
	system,
	server,
}) => {
	const address = verified(system.emulator);
	await ask(server.url, submit, { address });
	await all(watch('ws', server.url, watchOne, { address }));
	const again = await ask<Submitted>(server.url, submit, { address });
	expect(again.data.submitContract).toMatchObject({ status: 'SUCCESS', version: 3 });
	const refreshed = await ask<Submitted>(server.url, submit, { address, refresh: true });
	expect(refreshed.data.submitContract).toMatchObject({
		status: 'CREATED',
		version: 4,
		attempts: 0,
	});
	expect(refreshed.data.submitContract.source).not.toBeNull();
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 3 }));
	expect(events.map(({ version, status }) => `${version} ${status}`)).toEqual([
		'4 CREATED',
		'5 PROCESS',
		'6 SUCCESS',
	]);
	expect(system.emulator.calls(1, address)).toBe(2);
});

test('a contract in ERROR is queued again by submitting it again', async ({ system, server }) => {
	const address = verified(system.emulator);
	system.emulator.inject(1, address, 'plan');
	await ask(server.url, submit, { address });
	const failed = await all(watch('ws', server.url, watchOne, { address }));
	expect(failed.at(-1)).toMatchObject({ status: 'ERROR', error: { code: 'UNSUPPORTED_CHAIN' } });
	const again = await ask<Submitted>(server.url, submit, { address });
	expect(again.data.submitContract).toMatchObject({ status: 'CREATED', version: 4 });
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 4 }));
	expect(events.at(-1)).toMatchObject({ status: 'SUCCESS', version: 6 });
});

test('contracts that share a source store its content once', async ({ system, server }) => {
	const source = 'contract Shared { uint256 one; }\n';
	const addresses = [1, 2, 3].map(() => verified(system.emulator, source, 'Shared'));
	const before = await count(system, 'source_blobs');
	await ask(server.url, submitMany, { addresses });
	await all(watch('ws', server.url, watchMany, { addresses }));
	const after = await count(system, 'source_blobs');
	expect(after - before).toBe(1);
	expect(await named(server.url, 'Shared')).toHaveLength(3);
	expect(await named(server.url, 'Shared ')).toHaveLength(0);
	expect(await named(server.url, 'shared')).toHaveLength(0);
});

test('a contract is found by its whole name, however long', async ({ system, server }) => {
	const name = `${'A'.repeat(252)}🦄🦄🦄`;
	const address = verified(system.emulator, 'contract A {}', name);
	await ask(server.url, submit, { address });
	await all(watch('ws', server.url, watchOne, { address }));
	expect(await named(server.url, name)).toEqual([{ node: { source: { name } } }]);
	expect(await named(server.url, `${name}🦄`)).toEqual([]);
	expect(await named(server.url, name.slice(0, 255))).toEqual([]);
});

async function named(url: string, name: string): Promise<unknown[]> {
	const query =
		'query ($name: String) { contracts(name: $name) { edges { node { source { name } } } } }';
	return (await ask<{ contracts: { edges: [] } }>(url, query, { name })).data.contracts.edges;
}
