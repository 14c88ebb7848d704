import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ask } from '../harness/client.ts';
import { randomAddress } from '../harness/contracts.ts';
import type { Fault } from '../harness/faulty-endpoint.ts';
import { systemTest } from '../harness/fixture.ts';
import { metric } from '../harness/metrics.ts';
import { startOtlpSink } from '../harness/otlp-sink.ts';
import type { System } from '../harness/system.ts';

const test = systemTest();

const submit = 'mutation ($address: Address!) { submitContract(address: $address) { status } }';

async function behave(system: System, fault: Fault): Promise<void> {
	const sink = await startOtlpSink();
	await sink.fail(fault);
	const server = await system.server({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url });
	const dropped = () => metric(server, 'otel_spans_dropped_total');
	const submitOne = async () => {
		const answer = await ask(server.url, submit, { address: randomAddress() });
		expect(answer).toEqual({ data: { submitContract: { status: 'CREATED' } } });
	};
	await submitOne();
	while ((await dropped()) === 0) await sleep(20);
	expect(await metric(server, 'otel_delivery_failing')).toBe(1);
	// Answered all the same, and still on its way when the end comes.
	await submitOne();
	expect(await server.stop()).toBe(0);
	// A busy machine's services may be slow to answer, which has nothing to do with traces.
	const complaints = server.lines.filter(
		({ level, message }) => ['error', 'warn'].includes(level) && message !== 'connection down',
	);
	expect(complaints).toEqual([]);
	expect(sink.spans()).toEqual([]);
	await sink.close();
}

test('where traces cannot be sent they are counted, and nothing else is any different', async ({
	system,
}) => {
	await Promise.all((['refuse', 'hang', 503] as const).map((fault) => behave(system, fault)));
});
