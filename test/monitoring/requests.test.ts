import { describe, expect } from 'vitest';
import { all, ask, openWs, watch, watchOne } from '../harness/client.ts';
import { randomAddress, verified, weth } from '../harness/contracts.ts';
import { own, systemTest } from '../harness/fixture.ts';
import { startOtlpSink } from '../harness/otlp-sink.ts';
import type { ServerProcess } from '../harness/system.ts';

const test = systemTest({ worker: {} })
	.extend(
		'sink',
		{ scope: 'file' },
		own(startOtlpSink, (sink) => sink.close()),
	)
	.extend('options', { scope: 'file' }, ({ sink }) => {
		const worker = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
		const server = { ...worker, TRACES_SHARE: '1', ALLOWED_ORIGINS: json.origin };
		return { server, worker };
	});

interface Traced {
	traceId: string;
}

const clientTrace = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) };
const json = { 'content-type': 'application/json', origin: 'https://elsewhere.example' };
const read = '{ contract(address: "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2") { status } }';

const post = (server: ServerProcess, body: string, headers: Record<string, string> = {}) =>
	fetch(`${server.url}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body });

const answers: [what: string, status: number, path: string, init?: RequestInit][] = [
	[
		'a query',
		200,
		'/graphql',
		{ method: 'POST', headers: json, body: JSON.stringify({ query: read }) },
	],
	['a body that is not JSON', 400, '/graphql', { method: 'POST', headers: json, body: '{' }],
	[
		'a stream',
		200,
		`/graphql?query=${encodeURIComponent(`subscription { contractStatus(address: "${randomAddress()}") { version } }`)}`,
		{ headers: { ...json, accept: 'text/event-stream' } },
	],
	['GraphiQL', 200, '/graphql', { headers: { ...json, accept: 'text/html' } }],
	['a preflight', 204, '/graphql', { method: 'OPTIONS', headers: json }],
	['health', 200, '/livez', { headers: json }],
	['readiness', 200, '/readyz', { headers: json }],
	['the page', 200, '/', { headers: json }],
	['nothing', 404, '/nowhere', { headers: json }],
	['a download that is not there', 404, `/contracts/1/${weth}/source.zip`, { headers: json }],
	['a download that cannot be', 400, '/contracts/0/0x/files', { headers: json }],
	["Etherscan's API", 200, '/v2/api?module=contract', { headers: json }],
	["Etherscan's chains", 200, '/v2/chainlist', { headers: json }],
];

test.for(answers)(
	'%s is answered with the id of its trace',
	async ([_what, status, path, init], { server }) => {
		const response = await fetch(`${server.url}${path}`, init);
		expect(response.status).toBe(status);
		expect(response.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
		expect(response.headers.get('access-control-expose-headers')?.toLowerCase()).toContain(
			'x-trace-id',
		);
		await response.body?.cancel();
	},
);

// Spans come in batches, and the tests below wait for the same ones.
describe.concurrent('spans', () => {
	test('an operation is one root span, which a client can lead to and not decide on', async ({
		sink,
		server,
	}) => {
		const traceparent = `00-${clientTrace.traceId}-${clientTrace.spanId}-00`;
		const query = `query Mine ${read}`;
		const response = await post(server, JSON.stringify({ query }), { traceparent });
		const traceId = response.headers.get('x-trace-id');
		const span = await sink.span((span) => span.traceId === traceId && span.parentId === null);
		expect(span).toMatchObject({
			...{ service: 'verifeed-server', name: 'query', kind: 'server', status: 'unset' },
			links: [clientTrace],
			attributes: {
				'graphql.operation.type': 'query',
				'http.request.method': 'POST',
				'http.response.status_code': 200,
				'url.path': '/graphql',
			},
		});
		expect(span.attributes).not.toHaveProperty('graphql.operation.name');
	});

	test('each operation of one WebSocket has a trace of its own, which its result names', async ({
		sink,
		server,
	}) => {
		const client = openWs(server.url);
		const ids: unknown[] = [];
		for (const query of [
			'query List { chains { id } }',
			read,
			'{ contract(address: "1") { id } }',
		]) {
			const { promise, resolve } = Promise.withResolvers<unknown>();
			client.subscribe(
				{ query },
				{
					next: ({ extensions }) => resolve((extensions as Traced).traceId),
					error: (errors) => resolve((errors as { extensions: Traced }[])[0]?.extensions.traceId),
					complete() {},
				},
			);
			ids.push(await promise);
		}
		await client.dispose();
		expect(new Set(ids).size).toBe(3);
		const [first, second] = ids;
		const [list, other] = await Promise.all(
			[first, second].map((id) =>
				sink.span((span) => span.traceId === id && span.parentId === null),
			),
		);
		expect(list).toMatchObject({
			...{ name: 'query', kind: 'server' },
			attributes: { 'graphql.operation.name': 'List', 'network.protocol.name': 'websocket' },
		});
		expect(other?.attributes).not.toHaveProperty('graphql.operation.name');
	});

	test.for(['ws', 'sse'] as const)(
		'events over %s are in the trace that made them',
		async (transport, { sink, system, server }) => {
			const address = verified(system.emulator);
			const events = all(watch(transport, server.url, watchOne, { address }));
			const response = await post(
				server,
				JSON.stringify({
					query: `mutation Submit { submitContract(address: "${address}") { status } }`,
				}),
			);
			const traceId = response.headers.get('x-trace-id');
			expect(await events).toHaveLength(3);
			const delivered = await sink.span(
				(span) => span.name === 'status.deliver' && span.traceId === traceId,
			);
			expect(delivered).toMatchObject({
				...{ kind: 'consumer', status: 'unset' },
				attributes: { 'verifeed.subscription': 'contractStatus', 'verifeed.transport': transport },
			});
			expect(delivered.parentId).not.toBeNull();
		},
	);

	test('a subscription is a short span, and nothing that its stream does is part of it', async ({
		sink,
		server,
	}) => {
		const address = randomAddress();
		const stream = watch('ws', server.url, watchOne, { address });
		const begun = await sink.span(({ name }) => name === 'subscription');
		const next = stream.next();
		await ask(server.url, `mutation { submitContract(address: "${address}") { status } }`);
		await next;
		await stream.leave();
		const subscriptions = sink.spans().filter(({ name }) => name === 'subscription');
		expect(begun.parentId).toBeNull();
		for (const { traceId } of subscriptions) {
			expect(sink.spans().filter((span) => span.traceId === traceId)).toHaveLength(1);
		}
	});

	test("what Etherscan's API submits is traced, and downloads are", async ({
		sink,
		system,
		server,
	}) => {
		const address = verified(system.emulator);
		const called = await fetch(
			`${server.url}/v2/api?chainid=1&module=contract&action=getabi&address=${address}`,
		);
		const traceId = called.headers.get('x-trace-id');
		await sink.span((span) => span.traceId === traceId && span.name === 'GET /v2/api');
		await sink.span((span) => span.traceId === traceId && span.name === 'submit');
		await all(watch('ws', server.url, watchOne, { address }));
		const download = await fetch(`${server.url}/contracts/1/${address}/standard.json`);
		expect(
			await sink.span(
				(span) => span.parentId === null && span.traceId === download.headers.get('x-trace-id'),
			),
		).toMatchObject({
			...{ name: 'GET /contracts/:chainId/:address', kind: 'server', parentId: null },
			attributes: { 'http.response.status_code': 200 },
		});
	});
});

test('latencies lead to their traces, in well-formed OpenMetrics', async ({ sink, server }) => {
	const response = await fetch(`${server.metricsUrl}/metrics`);
	expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
	const text = await response.text();
	expect(text).toMatch(/\n# EOF\n$/);
	const lines = text.split('\n');
	expect(lines.length).toBeLessThan(2_600);
	for (const name of [
		'graphql_operation_duration_seconds',
		'http_server_request_duration_seconds',
		'read_duration_seconds',
		'subscription_delivery_seconds',
	]) {
		const exemplars = lines.flatMap((line) =>
			line.startsWith(`${name}_bucket`)
				? (/ # \{trace_id="([0-9a-f]{32})"\} [\d.e-]+ [\d.]+$/.exec(line)?.[1] ?? [])
				: [],
		);
		expect(exemplars).not.toEqual([]);
		await sink.span(({ traceId }) => exemplars.includes(traceId));
	}
});
