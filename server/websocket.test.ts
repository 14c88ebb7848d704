import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import type { TelemetryEvent } from '../domain/telemetry.ts';
import { nowhere } from '../ops/run/settings.ts';
import { readConfig } from '../platform/config.ts';
import { requestTraces } from '../platform/telemetry/tracing/request.ts';
import { clientsOf } from '../test/harness/clients.ts';
import { noReads } from '../test/harness/reads.ts';
import { noRounds } from '../test/harness/rounds.ts';
import { createAnswerBound } from './answer-size.ts';
import { boundConnections } from './connections.ts';
import { createDocuments } from './documents.ts';
import { createGraphQl } from './graphql.ts';
import { createOrigins } from './origins.ts';
import { createSse } from './sse.ts';
import { ClientStreams, newStreams } from './subscription.ts';
import { openWebSockets } from './websocket.ts';

const upgrade = {
	connection: 'Upgrade',
	upgrade: 'websocket',
	'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
	'sec-websocket-version': '13',
	'sec-websocket-protocol': 'graphql-transport-ws',
};

test('a frame that breaks the protocol ends its socket, and is neither printed nor reported as a fault', async () => {
	const events: TelemetryEvent[] = [];
	const closed = Promise.withResolvers<void>();
	const emit = (event: TelemetryEvent) => {
		events.push(event);
		if (event.type === 'websocket.closed') closed.resolve();
	};
	const config = readConfig(nowhere);
	const refuse = () => {
		throw new Error('nothing is run here');
	};
	const sse = createSse({ pingMs: 1e6, deadMs: 1e6 });
	const following = {
		store: { readEvents: async () => [], readNewestEvent: async () => null },
		feed: { attach: () => ({ attached: Promise.resolve(), detach() {} }) },
		cache: { async drop() {} },
		rounds: noRounds(),
		pollMs: 1e6,
		attachMs: 1e6,
	};
	const http = createServer().listen(0, '127.0.0.1');
	await once(http, 'listening');
	const context = {
		...following,
		reads: noReads,
		emit,
		documents: createDocuments(createGraphQl(config, refuse, emit, sse)),
		operationContext: refuse,
		bound: createAnswerBound(1e6),
		newTrace: requestTraces(0),
		...clientsOf(config),
		streams: newStreams('This server', 9, 9),
		isExpectedHost: () => true,
		origins: createOrigins(undefined),
		access: 'open' as const,
		followers: new ClientStreams(9),
	};
	const sockets = openWebSockets(
		http,
		context,
		config,
		boundConnections(http, config, () => false),
	);
	const printed = vi.spyOn(console, 'error');
	const { port } = http.address() as AddressInfo;
	const asking = request({ host: '127.0.0.1', port, path: '/graphql', headers: upgrade }).end();
	const [, socket] = (await once(asking, 'upgrade')) as [unknown, Socket];
	socket.on('error', () => {});
	// A client has to mask what it sends.
	socket.write(Buffer.from([0x81, 0x00]));
	await Promise.all([once(socket.resume(), 'close'), closed.promise]);
	expect(events).toEqual([
		{ type: 'websocket.opened' },
		{ type: 'websocket.closed', code: expect.any(Number) },
	]);
	expect(printed).not.toHaveBeenCalled();
	expect(sockets.count()).toBe(0);
	printed.mockRestore();
	await sockets.close(0);
	http.close();
});
