import { describe, expect } from 'vitest';
import { all, ask, watch, watchMany, watchOne } from './harness/client.ts';
import { eas, verified, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

/** One attempt, however slow the machine. */
const test = systemTest({ worker: { LEASE_MS: '60000' } });

const submit = `mutation ($address: Address!) {
	submitContract(address: $address) { id chainId address status version attempts source { name } }
}`;
const read = `query ($address: Address!) {
	contract(address: $address) {
		status version attempts error { code }
		source {
			provider origin name language compilerVersion constructorArguments match
			fileCount size hash zipUrl abi standardJson
			files { path content size } mainFile { path }
		}
		history { version status attempt }
	}
}`;

interface Read {
	contract: {
		status: string;
		version: number;
		source: { name: string; origin: string; files: { path: string; content: string }[] };
		history: { version: number; status: string }[];
	};
}

describe.each(['ws', 'sse'] as const)('over %s', (transport) => {
	const address = transport === 'ws' ? weth : eas;

	test('a real contract is submitted, watched from CREATED to SUCCESS, and read', async ({
		server,
	}) => {
		const watching = watch(transport, server.url, watchOne, { address });
		const events = all(watching);
		const submitted = await ask<{ submitContract: { status: string; version: number } }>(
			server.url,
			submit,
			{ address },
		);
		expect(submitted.data.submitContract).toMatchObject({ status: 'CREATED', version: 1 });
		const seen = await events;
		expect(seen.at(-1)?.status).toBe('SUCCESS');
		expect(seen.map(({ version }) => version)).toEqual(
			seen.map((_, index) => index + (seen[0]?.version ?? 0)),
		);

		const answer = await ask<Read>(server.url, read, { address });
		expect(answer.errors).toBeUndefined();
		const { contract } = answer.data;
		expect(contract.history.map(({ status }) => status)).toEqual(['CREATED', 'PROCESS', 'SUCCESS']);
		expect(contract.source.name).toBe(transport === 'ws' ? 'WETH9' : 'EAS');
		expect(contract.source.origin).toMatch(/^127\.0\.0\.1/);
		const main = contract.source.files.find(({ content }) =>
			new RegExp(`contract ${contract.source.name}\\b`).test(content),
		);
		expect(main).toBeDefined();
	});

	test('a subscriber who comes before anybody submits gets every event', async ({
		system,
		server,
	}) => {
		const fresh = verified(system.emulator);
		const watching = watch(transport, server.url, watchOne, { address: fresh, afterVersion: 0 });
		const first = watching.next();
		await channelOpen(system, fresh);
		await ask(server.url, submit, { address: fresh });
		expect((await first).value).toMatchObject({ version: 1, status: 'CREATED' });
		const rest = await all(watching);
		expect(rest.map(({ version, status }) => `${version} ${status}`)).toEqual([
			'2 PROCESS',
			'3 SUCCESS',
		]);
	});

	test('a subscriber who comes late gets the last event, or all after the version it names', async ({
		server,
	}) => {
		const late = await all(watch(transport, server.url, watchOne, { address }));
		expect(late.map(({ version, status }) => `${version} ${status}`)).toEqual(['3 SUCCESS']);
		const after = await all(watch(transport, server.url, watchOne, { address, afterVersion: 1 }));
		expect(after.map(({ version }) => version)).toEqual([2, 3]);
	});

	test('one stream follows many contracts and ends with the last of them', async ({
		system,
		server,
	}) => {
		const addresses = [verified(system.emulator), verified(system.emulator), address];
		const events = all(watch(transport, server.url, watchMany, { addresses }));
		await ask(
			server.url,
			`mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { address } }`,
			{ addresses },
		);
		const finals = (await events).filter(({ status }) => status === 'SUCCESS');
		expect(finals.map((event) => event.contract?.address).sort()).toEqual([...addresses].sort());
	});
});

test('a contract without verified source ends in ERROR with NOT_VERIFIED', async ({ server }) => {
	const address = '0x000000000000000000000000000000000000dEaD';
	await ask(server.url, submit, { address });
	const events = await all(watch('ws', server.url, watchOne, { address }));
	expect(events.at(-1)).toMatchObject({ status: 'ERROR', error: { code: 'NOT_VERIFIED' } });
});

test('an upstream that fails is asked again, and subscribers learn when', async ({
	system,
	server,
}) => {
	const address = verified(system.emulator);
	system.emulator.inject(1, address.toLowerCase(), ['http-500', 'not-json']);
	await ask(server.url, submit, { address });
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
	expect(events.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
		'CREATED 0',
		'PROCESS 1',
		'PROCESS 1',
		'PROCESS 2',
		'PROCESS 2',
		'PROCESS 3',
		'SUCCESS 3',
	]);
	expect(events[2]).toMatchObject({ error: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } });
	expect(Date.parse(events[2]?.nextAttemptAt ?? '')).toBeGreaterThan(
		Date.parse(events[2]?.at ?? ''),
	);
});

test('contracts are listed newest first, page by page, and found by id', async ({
	system,
	server,
}) => {
	const list = `query ($after: String) {
		contracts(first: 2, after: $after) {
			edges { cursor node { id address } }
			pageInfo { hasNextPage hasPreviousPage endCursor }
		}
	}`;
	interface Page {
		contracts: {
			edges: { node: { id: string; address: string } }[];
			pageInfo: { hasNextPage: boolean; endCursor: string };
		};
	}
	const seen: string[] = [];
	let after: string | null = null;
	do {
		const page: Page['contracts'] = (await ask<Page>(server.url, list, { after })).data.contracts;
		seen.push(...page.edges.map(({ node }) => node.address));
		after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
		const [edge] = page.edges;
		const found = await ask<{ node: unknown }>(
			server.url,
			'query ($id: ID!) { node(id: $id) { id ... on Contract { address } } }',
			{ id: edge?.node.id },
		);
		expect(found.data.node).toEqual(edge?.node);
	} while (after);
	const [{ count }] = (await system.database.query<{ count: number }>(
		'select count(*) as count from contracts',
	)) as [{ count: number }];
	expect(new Set(seen).size).toBe(Number(count));
	expect(seen.length).toBe(Number(count));
});

/** The server has attached to the feed of an address: nothing that happens now is missed. */
async function channelOpen(system: System, address: string): Promise<void> {
	const name = `contract.status:1:${address.toLowerCase()}`;
	for (;;) {
		const [, count] = (await system.redis.pubsub('NUMSUB', name)) as [string, number];
		if (count > 0) return;
	}
}
