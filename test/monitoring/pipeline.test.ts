import { expect } from 'vitest';
import { catalogue, type MetricName } from '../../ops/monitoring/catalogue.ts';
import { all, ask, watch, watchOne } from '../harness/client.ts';
import { verified } from '../harness/contracts.ts';
import { own, systemTest } from '../harness/fixture.ts';
import { metric, samples, untilMetric } from '../harness/metrics.ts';
import { type OtlpSink, startOtlpSink } from '../harness/otlp-sink.ts';
import type { SinkSpan } from '../harness/otlp-spans.ts';
import { type ServerProcess, secretKey } from '../harness/system.ts';
import { traceTree } from '../harness/trace-tree.ts';
import { storedTransitions, sum, transitions } from '../harness/transitions.ts';

const test = systemTest()
	.extend(
		'sink',
		{ scope: 'file' },
		own(startOtlpSink, (sink) => sink.close()),
	)
	.extend('options', { scope: 'file' }, ({ sink }) => ({
		system: {
			env: {
				OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
				LEASE_MS: '60000',
				CONTRACT_COUNTS_INTERVAL_MS: '100',
			},
		},
	}))
	// One of them is killed, and another takes its place.
	.extend('running', { scope: 'file', auto: true }, async ({ system }) => ({
		worker: await system.worker(),
	}))
	.extend('one', { scope: 'file' }, async ({ system, server }) => {
		const one = verified(system.emulator);
		await submit(server, one);
		return one;
	});

const mutation =
	'mutation submit($address: Address!) { submitContract(address: $address) { version } }';

/** Submits and waits for the last event. */
async function submit(server: ServerProcess, address: string): Promise<void> {
	const events = all(watch('sse', server.url, watchOne, { address }));
	await ask(server.url, mutation, { address });
	await events;
}

const about = (address: string, name: string) => (span: SinkSpan) =>
	span.name === name && span.attributes['verifeed.contract'] === `1:${address.toLowerCase()}`;

/** The trace of the submission of an address, once all spans of its end have arrived. */
async function submission(sink: OtlpSink, address: string): Promise<SinkSpan[]> {
	const sent = await sink.span(about(address, 'send contracts.download'));
	const ofIt = (spans: readonly SinkSpan[]) =>
		spans.filter(({ traceId }) => traceId === sent.traceId);
	const delivered = (spans: readonly SinkSpan[]) =>
		spans.filter(({ name }) => name === 'status.deliver').length;
	const whole = (spans: readonly SinkSpan[]) =>
		delivered(spans) === 3 &&
		['server', 'consumer'].every((kind) =>
			spans.some((span) => span.kind === kind && span.name !== 'status.deliver'),
		);
	return ofIt(await sink.until((spans) => whole(ofIt(spans))));
}

const named = (spans: readonly SinkSpan[], name: string) => {
	const span = spans.find((one) => one.name === name);
	if (!span) throw new Error(`no span ${name} in\n${traceTree(spans)}`);
	return span;
};

test('a submission is one trace, from the mutation to the event that its subscriber gets', async ({
	system,
	sink,
	one,
}) => {
	const spans = await submission(sink, one);
	console.log(traceTree(spans));
	const root = spans.find(({ parentId }) => parentId === null);
	expect(root).toMatchObject({ service: 'verifeed-server', kind: 'server', links: [] });
	const sent = named(spans, 'send contracts.download');
	expect(sent).toMatchObject({
		...{ service: 'verifeed-server', kind: 'producer', parentId: root?.spanId },
		attributes: {
			'messaging.system': 'rabbitmq',
			'messaging.operation.name': 'send',
			'messaging.destination.name': 'contracts.download',
		},
	});
	const work = named(spans, 'process contracts.download');
	expect(work).toMatchObject({
		...{ service: 'verifeed-worker', kind: 'consumer', parentId: sent.spanId },
		attributes: { 'messaging.operation.name': 'process', 'verifeed.outcome': 'success' },
	});
	expect(named(spans, 'GET')).toMatchObject({
		...{ kind: 'client', parentId: work.spanId },
		attributes: {
			'url.full': system.emulator.url,
			'http.response.status_code': 200,
			'verifeed.outcome': 'ok',
		},
	});
	const ofWork = spans.filter(({ parentId }) => parentId === work.spanId);
	expect(named(ofWork, 'INSERT contracts')).toMatchObject({
		kind: 'client',
		attributes: { 'db.operation.name': 'INSERT', 'db.collection.name': 'contracts' },
	});
	const published = spans.filter(({ name }) => name === 'send contract.status');
	expect(published.map(({ parentId }) => parentId).sort()).toEqual(
		[root?.spanId, work.spanId, work.spanId].sort(),
	);
	// What was read from the database is sent as a part of what caused it.
	const causes = [...published, root, work].map((span) => span?.spanId);
	for (const { name, parentId } of spans) {
		if (name === 'status.deliver') expect(causes).toContain(parentId);
	}
});

test('no span holds a key, a statement or a source', async ({ sink, one }) => {
	expect(await submission(sink, one)).not.toEqual([]);
	const everything = JSON.stringify(sink.spans());
	expect(everything).not.toMatch(new RegExp(`${secretKey}|values \\(|contract T`));
});

test('rows name the traces that caused them, and exemplars lead there', async ({
	system,
	sink,
	running,
	one,
}) => {
	const spans = await submission(sink, one);
	const id = spans[0]?.traceId;
	const root = spans.find(({ parentId }) => parentId === null);
	const work = named(spans, 'process contracts.download');
	const names = [root, work, work].map((cause) => `00-${id}-${cause?.spanId}-01`);
	const of = [one.slice(2)];
	const rows = await system.database.query(
		'select trace, submitted_at = created_at as first from contracts where address = unhex(?)',
		of,
	);
	expect(rows).toEqual([{ trace: names[0], first: 1 }]);
	const events = await system.database.query<{ trace: string }>(
		'select trace from contract_events where address = unhex(?) order by version',
		of,
	);
	expect(events.map(({ trace }) => trace)).toEqual(names);
	const shown = await (await fetch(`${running.worker.metricsUrl}/metrics`)).text();
	for (const name of ['messaging_process_duration_seconds', 'contract_end_to_end_seconds']) {
		expect(shown).toMatch(new RegExp(`${name}_bucket.* # {trace_id="${id}"}`));
	}
});

test('the retry after a killed worker is a trace of its own, linked to the submission; another worker leads and counts', async ({
	system,
	sink,
	server,
	running,
}) => {
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	const done = submit(server, address);
	await held.arrived;
	const before = await transitions(running.worker);
	running.worker.signal('SIGKILL');
	await running.worker.exit;
	running.worker = await system.worker();
	held.release();
	// Its lease ends.
	await system.database.query(
		"update contracts set due_at = utc_timestamp(3) where status = 'PROCESS'",
	);
	await done;
	await untilMetric(running.worker, 'contracts', 2, { status: 'SUCCESS' });
	await untilMetric(running.worker, 'contracts', 0, { status: 'PROCESS' });

	const first = await sink.span(about(address, 'send contracts.download'));
	const again = await sink.span(
		(span) => about(address, 'process contracts.download')(span) && span.traceId !== first.traceId,
	);
	const sent = await sink.span(({ spanId }) => spanId === again.parentId);
	expect(sent).toMatchObject({
		...{ service: 'verifeed-worker', kind: 'producer', parentId: null },
		links: [{ traceId: first.traceId, spanId: first.parentId }],
	});
	expect(again.attributes['verifeed.outcome']).toBe('success');

	const counted = [before, ...(await Promise.all([server, running.worker].map(transitions)))];
	expect(sum(counted)).toEqual(await storedTransitions(system));
});

test('a job that is begun while RabbitMQ is away is one too, and the connections show it', async ({
	system,
	sink,
	server,
	running,
}) => {
	const roles = ['publisher', 'consumer'];
	const at = (value: number) =>
		Promise.all([
			untilMetric(server, 'messaging_connection_up', value),
			...roles.map((role) =>
				untilMetric(running.worker, 'messaging_connection_up', value, { role }),
			),
		]);
	await at(1);
	await system.vhost.drop();
	await at(0);
	const address = verified(system.emulator);
	await submit(server, address);
	const work = await sink.span(about(address, 'process contracts.download'));
	const [linked] = work.links;
	const root = await sink.span(({ spanId }) => spanId === linked?.spanId);
	expect(work.parentId).toBeNull();
	expect(root).toMatchObject({ service: 'verifeed-server', kind: 'server', parentId: null });
	await system.vhost.make();
	await at(1);
	for (const role of roles) {
		expect(await metric(running.worker, 'messaging_reconnects_total', { role })).toBe(1);
	}
});

const inBoth = [
	'contract_transitions_total',
	'messaging_publish_duration_seconds',
	'messaging_connection_up',
	'messaging_reconnects_total',
	'cache_operation_duration_seconds',
	'db_client_operation_duration_seconds',
	'db_client_connection_count',
	'db_client_connection_pending_requests',
	'db_client_connection_wait_time_seconds',
	'db_client_connection_timeouts_total',
] as const;
const inWorkers = [
	'contract_end_to_end_seconds',
	'messaging_time_in_queue_seconds',
	'messaging_process_duration_seconds',
	'messaging_redelivered_total',
	'messaging_retries_total',
	'messaging_in_flight',
	'upstream_request_duration_seconds',
	'upstream_rate_limit_wait_seconds',
	'upstream_calls_left_today',
	'circuit_breaker_state',
] as const;

/** The labels of a metric as a process shows it; null where it does not. */
function labelsIn(shownNow: Map<string, number>, name: MetricName): string[] | null {
	for (const sample of shownNow.keys()) {
		const [, shown = '', labels = ''] = /^(\w+?){(.*)}$/.exec(sample) ?? [];
		if (shown !== name && shown !== `${name}_bucket`) continue;
		const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label ?? '');
		return names.filter((label) => label !== 'service' && label !== 'le').sort();
	}
	return null;
}

test('every process shows the metrics that can have a value there, with the labels of the catalogue', async ({
	server,
	running,
}) => {
	const wanted = (name: MetricName) => [...catalogue[name].labels].sort();
	const [ofWorker, ofServer] = [await samples(running.worker), await samples(server)];
	for (const name of [...inBoth, ...inWorkers]) {
		expect([name, labelsIn(ofWorker, name)]).toEqual([name, wanted(name)]);
	}
	for (const name of inBoth) {
		expect([name, labelsIn(ofServer, name)]).toEqual([name, wanted(name)]);
	}
	for (const name of inWorkers) expect([name, labelsIn(ofServer, name)]).toEqual([name, null]);
});
