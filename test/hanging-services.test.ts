import { describe, expect, onTestFinished } from 'vitest';
import { startProxy, type TcpProxy } from './faults/proxy.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

const test = systemTest();
const submit = 'mutation ($address: Address!) { submitContract(address: $address) { status } }';
const black = { kind: 'black-hole' } as const;
/** Less than any single wait for a service may take. */
const SHUTDOWN_MS = '2000';

/** The setting with which a process reaches a service over a network that can be broken. */
async function breakable(system: System, setting: string) {
	const url = new URL(system.env[setting] ?? '');
	const port = Number(url.port);
	const proxy: TcpProxy = await startProxy(() => port);
	onTestFinished(() => proxy.close());
	url.port = String(proxy.port);
	return { proxy, env: { SHUTDOWN_MS, [setting]: url.href } };
}

describe.each(['REDIS_URL', 'MYSQL_URL', 'RABBITMQ_URL'])(
	'while the service of %s hangs',
	(name) => {
		test('a worker ends in time by itself, and what it was at is finished by another', async ({
			system,
			server,
		}) => {
			const { proxy, env } = await breakable(system, name);
			const leaving = await system.worker(env);
			const address = verified(system.emulator);
			const held = system.emulator.hold(1, address);
			await ask(server.url, submit, { address });
			await held.arrived;
			await proxy.set(black);
			expect(await leaving.stop()).toBe(0);
			expect(leaving.output()).not.toContain('did not close in time');
			held.release();
			const worker = await system.worker();
			const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
			expect(events.at(-1)?.status).toBe('SUCCESS');
			await worker.stop();
		});

		test('a server ends in time by itself', async ({ system }) => {
			const { proxy, env } = await breakable(system, name);
			const leaving = await system.server(env);
			await proxy.set(black);
			const asked = ask(leaving.url, submit, { address: verified(system.emulator) });
			const outcome = asked.catch(() => null);
			expect(await leaving.stop()).toBe(0);
			expect(leaving.output()).not.toContain('did not close in time');
			await outcome;
		});
	},
);
