import { expect } from 'vitest';
import { checksummed } from '../domain/address.ts';
import { all, ask, watch, watchMany, watchOne } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { openSystem, type ServerProcess, type System } from './harness/system.ts';

const test = systemTest({ worker: {} });

const submit = `mutation ($address: Address!, $refresh: Boolean! = false) {
	submitContract(address: $address, refresh: $refresh) { status version }
}`;
const read = `query ($address: Address!) {
	contract(address: $address) {
		source {
			name files { path }
			implementations { address contract { status source { name files { path content } } } }
		}
	}
}`;

interface Implementation {
	address: string;
	contract: { status: string; source: { name: string; files: unknown[] } | null } | null;
}
interface Read {
	contract: {
		source: { name: string; files: unknown[]; implementations: Implementation[] };
	} | null;
}

/** A verified contract that points at another; checksummed, like all addresses in answers. */
function proxy(
	system: System,
	implementation: string,
	address = checksummed(randomAddress()),
	name = 'Proxy',
) {
	system.emulator.put(1, address, {
		SourceCode: `contract ${name} {}`,
		ContractName: name,
		Proxy: '1',
		Implementation: implementation.toLowerCase(),
	});
	return address;
}

function plain(system: System, name: string): string {
	const address = checksummed(randomAddress());
	system.emulator.put(1, address, { SourceCode: `contract ${name} {}`, ContractName: name });
	return address;
}

async function finish(server: ServerProcess, address: string, refresh = false) {
	await ask(server.url, submit, { address, refresh });
	await all(watch('ws', server.url, watchOne, { address }));
}

const isKnown = async (server: ServerProcess, address: string) => {
	const { data } = await ask<Read>(server.url, read, { address });
	return data.contract !== null;
};

test('one query gives the code behind a proxy, and the proxy keeps what is its own', async ({
	system,
	server,
}) => {
	const implementation = plain(system, 'Vault');
	const address = proxy(system, implementation);
	await finish(server, address);
	await all(watch('ws', server.url, watchOne, { address: implementation }));
	const { data } = await ask<Read>(server.url, read, { address });
	expect(data.contract?.source).toEqual({
		name: 'Proxy',
		files: [{ path: 'Proxy.sol' }],
		implementations: [
			{
				address: implementation,
				contract: {
					status: 'SUCCESS',
					source: { name: 'Vault', files: [{ path: 'Vault.sol', content: 'contract Vault {}' }] },
				},
			},
		],
	});
});

test('proxies before proxies are followed three deep, and no deeper', async ({
	system,
	server,
}) => {
	const chain = [plain(system, 'Deepest')];
	for (let depth = 0; depth < 4; depth += 1) chain.unshift(proxy(system, chain[0] ?? ''));
	await finish(server, chain[0] ?? '');
	await all(watch('ws', server.url, watchMany, { addresses: chain.slice(0, 4) }));
	expect(await Promise.all(chain.map((address) => isKnown(server, address)))).toEqual([
		true,
		true,
		true,
		true,
		false,
	]);
	// Whoever asks for the last but one by itself starts anew from there.
	await finish(server, chain[3] ?? '', true);
	expect(await isKnown(server, chain[4] ?? '')).toBe(true);
});

test('proxies in a circle are downloaded once each', async ({ system, server }) => {
	const [one, two] = [checksummed(randomAddress()), checksummed(randomAddress())];
	proxy(system, one, two);
	proxy(system, two, one);
	await finish(server, one);
	await all(watch('ws', server.url, watchOne, { address: two }));
	expect(system.emulator.calls(1, one)).toBe(1);
	expect(system.emulator.calls(1, two)).toBe(1);
});

test('a proxy that names itself, or the zero address, has no implementation', async ({
	system,
	server,
}) => {
	const self = checksummed(randomAddress());
	const zero = proxy(system, `0x${'0'.repeat(40)}`);
	proxy(system, self, self);
	for (const address of [self, zero]) {
		await finish(server, address);
		const { data } = await ask<Read>(server.url, read, { address });
		expect(data.contract?.source.implementations).toEqual([]);
	}
	expect(await isKnown(server, `0x${'0'.repeat(40)}`)).toBe(false);
});

test('an implementation that nobody verified leaves the proxy as it is', async ({
	system,
	server,
}) => {
	const implementation = checksummed(randomAddress());
	const address = proxy(system, implementation);
	await finish(server, address);
	await all(watch('ws', server.url, watchOne, { address: implementation }));
	const { data } = await ask<Read>(server.url, read, { address });
	expect(data.contract?.source.implementations).toEqual([
		{ address: implementation, contract: { status: 'ERROR', source: null } },
	]);
});

test('with FOLLOW_PROXIES off the implementations are named, not fetched', async () => {
	await using own = await openSystem();
	const ownServer = await own.server();
	await own.worker({ FOLLOW_PROXIES: 'false' });
	const address = checksummed(randomAddress());
	const implementation = checksummed(randomAddress());
	own.emulator.put(1, address, { SourceCode: 'contract P {}', Implementation: implementation });
	await ask(ownServer.url, submit, { address });
	await all(watch('ws', ownServer.url, watchOne, { address }));
	const { data } = await ask<Read>(ownServer.url, read, { address });
	expect(data.contract?.source.implementations).toEqual([
		{ address: implementation, contract: null },
	]);
});
