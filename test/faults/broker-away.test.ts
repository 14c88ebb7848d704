import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningRabbitmq, startRabbitmq } from '../../ops/services/rabbitmq.ts';
import { all, ask, watch, watchOne } from '../harness/client.ts';
import { verified } from '../harness/contracts.ts';
import { openSystem, type System } from '../harness/system.ts';

const submit = `mutation ($address: Address!) { submitContract(address: $address) { status version } }`;

let folder: string;
let broker: RunningRabbitmq;
let system: System;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'verifeed-broker-'));
	broker = await startRabbitmq(folder);
	system = await openSystem({ rabbitmqUrl: broker.url });
});
afterAll(async () => {
	await system[Symbol.asyncDispose]();
	await broker.stop();
	await rm(folder, { recursive: true, force: true });
});

test('a submission while the broker is down is accepted and processed, and the next one once it is back', async () => {
	const [server, worker] = await Promise.all([system.server(), system.worker()]);
	await broker.stop();
	await server.logged(({ message }) => message === 'connection down');
	const address = verified(system.emulator);
	const answer = await ask<{ submitContract: { status: string } }>(server.url, submit, {
		address,
	});
	expect(answer.data.submitContract.status).toBe('CREATED');
	const ready = await fetch(`${server.url}/readyz`);
	expect(ready.status).toBe(503);
	expect(await ready.json()).toEqual({ status: 'unavailable', down: ['rabbitmq'] });
	const events = all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
	expect((await events).map(({ status }) => status)).toEqual(['CREATED', 'PROCESS', 'SUCCESS']);
	broker = await startRabbitmq(folder);
	await Promise.all(
		[server, worker].map((each) => each.logged(({ message }) => message === 'connection up')),
	);
	const later = verified(system.emulator);
	await ask(server.url, submit, { address: later });
	const rest = await all(watch('ws', server.url, watchOne, { address: later, afterVersion: 0 }));
	expect(rest.map(({ status }) => status)).toEqual(['CREATED', 'PROCESS', 'SUCCESS']);
	expect(await worker.stop()).toBe(0);
	expect(await server.stop()).toBe(0);
});
