import { all, ask, watch, watchOne } from '../harness/client.ts';
import { randomAddress, verified } from '../harness/contracts.ts';
import type { ServerProcess, System } from '../harness/system.ts';

const submit = `mutation ($address: Address!, $refresh: Boolean! = false) {
	submitContract(address: $address, refresh: $refresh) { status }
}`;
const rounds = 2;

/** Everything that people and tools do, a few times over and at every server, until all of it has come to its end. */
export async function smokeLoad(system: System, servers: readonly ServerProcess[]): Promise<void> {
	for (let round = 0; round < rounds; round++) {
		await Promise.all(servers.flatMap(({ url }) => [contracts(system, url), mistakes(url)]));
	}
}

async function contracts(system: System, url: string): Promise<void> {
	const good = verified(system.emulator);
	const flaky = verified(system.emulator);
	system.emulator.inject(1, flaky, ['http-503']);
	const bad = randomAddress();
	await Promise.all(
		[good, flaky, bad].map(async (address, index) => {
			const events = all(watch(index === 0 ? 'sse' : 'ws', url, watchOne, { address }));
			await ask(url, submit, { address });
			await events;
		}),
	);
	await ask(url, submit, { address: good, refresh: true });
	await all(watch('ws', url, watchOne, { address: good }));
	const names = '{ status version source { name files { path } } }';
	for (let i = 0; i < 10; i++) {
		await ask(url, `query ($address: Address!) { contract(address: $address) ${names} }`, {
			address: good,
		});
		const cached = `query ($address: Address!) { cachedContract(address: $address) ${names} }`;
		await ask(url, cached, { address: good });
	}
	await fetch(`${url}/contracts/1/${good}/source.zip`).then((answer) => answer.arrayBuffer());
	const api = `${url}/v2/api?chainid=1&module=contract&action=getabi&address=${good}`;
	await fetch(api).then((answer) => answer.text());
}

/** What is refused, and by whom. */
async function mistakes(url: string): Promise<void> {
	await ask(url, '{ contract(address: "0x0") { status } }');
	await ask(url, '{ nonsense }');
	await ask(url, '{ unfinished');
	await fetch(`${url}/nowhere`);
}
