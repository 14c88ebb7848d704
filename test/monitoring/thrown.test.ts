import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, trace } from '@opentelemetry/api';
import { parse } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { FollowContext } from '../../domain/follow.ts';
import type { Emit, TelemetryEvent } from '../../domain/telemetry.ts';
import { nowhere } from '../../ops/run/settings.ts';
import { readConfig } from '../../platform/config.ts';
import { openTracing } from '../../platform/telemetry/tracing/open.ts';
import { requestTraces } from '../../platform/telemetry/tracing/request.ts';
import { createAnswerBound } from '../../server/answer-size.ts';
import { boundConnections } from '../../server/connections.ts';
import { createDocuments, isErrors } from '../../server/documents.ts';
import { createGraphQl, type ServedContext } from '../../server/graphql.ts';
import { newOperation } from '../../server/operation.ts';
import { createOrigins } from '../../server/origins.ts';
import { createSse } from '../../server/sse.ts';
import { ClientStreams, newStreams } from '../../server/subscription.ts';
import { openWebSockets } from '../../server/websocket.ts';
import { clientsOf } from '../harness/clients.ts';
import { type OtlpSink, startOtlpSink } from '../harness/otlp-sink.ts';
import { noReads } from '../harness/reads.ts';
import { noRounds } from '../harness/rounds.ts';

const following: FollowContext = {
	store: { readEvents: async () => [], readNewestEvent: async () => null },
	feed: { attach: () => ({ attached: Promise.resolve(), detach() {} }) },
	cache: { async drop() {} },
	reads: noReads,
	emit: (event) => emit(event),
	rounds: noRounds(),
	pollMs: 1e6,
	attachMs: 1e6,
};
const sse = createSse({ pingMs: 1e6, deadMs: 1e6 });

let sink: OtlpSink;
let emit: Emit;
let events: TelemetryEvent[];
let close = async () => {};
// Of what is not chosen only failures are kept.
const config = (url: string) =>
	readConfig({ ...nowhere, OTEL_EXPORTER_OTLP_ENDPOINT: url, TRACES_SHARE: '0' });

beforeEach(async () => {
	sink = await startOtlpSink();
	events = [];
	emit = (event) => void events.push(event);
	({ close } = await openTracing('verifeed-test', config(sink.url), { set() {}, count() {} }));
});
afterEach(async () => {
	await sink.close();
	trace.disable();
	context.disable();
});

test('an answer 500 that names no error is a failed span, which is kept', async () => {
	const facts = { transport: 'http', method: 'POST' } as const;
	const operation = newOperation(emit, requestTraces(0)(), facts);
	operation.begin(parse('{ chains { id } }'), null);
	operation.end('answered', 500);
	await close();
	expect(sink.spans()).toMatchObject([
		{ name: 'query', status: 'error', attributes: { 'error.type': '500' } },
	]);
});

const fault = () => {
	throw new Error('a fault of ours');
};
const whole = (): ServedContext => ({}) as ServedContext;
const documents = () => createDocuments(createGraphQl(config(''), whole, following.emit, sse));
/** As a bug in the executor would have it, after the operation has begun. */
function failing(): ReturnType<typeof documents> {
	const proper = documents();
	return {
		...proper,
		read(text, operationName) {
			const known = proper.read(text, operationName);
			return isErrors(known) ? known : { ...known, run: fault };
		},
	};
}

test.each([
	['before it begins', documents, fault, 'GraphQL Operation', 'invalid'],
	['while it runs', failing, whole, 'query', 'anonymous'],
] as const)(
	'an operation over WebSocket that throws %s is reported as our fault',
	async (_, make, operationContext, name, operation) => {
		const http = createServer().listen(0, '127.0.0.1');
		await once(http, 'listening');
		const streams = newStreams('This server', 9, 9);
		const newTrace = requestTraces(0);
		const bound = createAnswerBound(1e6);
		const anybody = { isExpectedHost: () => true, origins: createOrigins(undefined) };
		const followers = new ClientStreams(9);
		const serving = { ...following, ...anybody, documents: make(), operationContext, bound };
		const clients = { ...clientsOf(config('')), access: 'open' as const };
		const context = { ...serving, ...clients, newTrace, streams, followers };
		const placeOf = boundConnections(http, config(''), () => false);
		const sockets = openWebSockets(http, context, config(''), placeOf);
		const { port } = http.address() as AddressInfo;
		const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
		await once(socket, 'open');
		socket.send('{"type":"connection_init"}');
		await once(socket, 'message');
		socket.send('{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}');
		expect((await once(socket, 'close'))[0]).toBe(4500);
		await sockets.close(0);
		http.close();
		await close();
		expect(sink.spans()).toMatchObject([
			{ name, status: 'error', attributes: { 'error.type': 'INTERNAL_SERVER_ERROR' } },
		]);
		expect(events.filter(({ type }) => type === 'request.failed')).toHaveLength(1);
		const code = 'INTERNAL_SERVER_ERROR';
		expect(events.filter(({ type }) => type.startsWith('graphql.'))).toMatchObject([
			{ type: 'graphql.error', operation, code },
			{ type: 'graphql.answered', operation, outcome: 'server_error' },
		]);
	},
);
