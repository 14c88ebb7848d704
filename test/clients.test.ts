import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../ops/services/ports.ts';
import { followByApollo } from './clients/apollo.ts';
import { followByEventSource } from './clients/event-source.ts';
import type { FollowContract } from './clients/follow.ts';
import { followByGraphqlSse } from './clients/graphql-sse.ts';
import { followByGraphqlWs } from './clients/graphql-ws.ts';
import { followByRelay } from './clients/relay.ts';
import { followByUrql } from './clients/urql.ts';
import { followByVerifeed } from './clients/verifeed.ts';
import { openSystem } from './harness/system.ts';
import { openWriter } from './harness/writer.ts';

const clients: Record<string, FollowContract> = {
	'graphql-ws': followByGraphqlWs,
	'graphql-sse': followByGraphqlSse,
	EventSource: followByEventSource,
	'Apollo Client': followByApollo,
	urql: followByUrql,
	Relay: followByRelay,
	'verifeed-client': followByVerifeed,
};

test('every client follows a contract through servers that stop or die, and loses no event', {
	timeout: 180_000,
}, async () => {
	await using system = await openSystem();
	await using writer = await openWriter(system);
	// Nobody takes it while the server is gone.
	const at = { HTTP_PORT: String(await freePort()) };
	let server = await system.server(at);
	const key = writer.fresh();
	const seen = new Map(Object.keys(clients).map((name) => [name, [] as number[]]));
	let progress = Promise.withResolvers<void>();
	const all = Object.entries(clients).map(([name, follow]) =>
		follow(server.url, key.address, (version) => {
			seen.get(name)?.push(version);
			progress.resolve();
		}),
	);
	const ended = Promise.all(all);
	async function untilAllSaw(version: number): Promise<void> {
		while (!seen.values().every((versions) => versions.at(-1) === version)) {
			progress = Promise.withResolvers();
			await Promise.race([progress.promise, ended]);
		}
	}

	await untilAllSaw(1);
	await writer.change(key);
	await untilAllSaw(2);
	const stopped = server.stop();
	await writer.change(key, 3);
	expect(await stopped).toBe(0);
	await writer.change(key, 3);
	server = await system.server(at);
	await untilAllSaw(8);
	await writer.change(key);
	server.signal('SIGKILL');
	await server.exit;
	await writer.change(key, 3);
	server = await system.server(at);
	await writer.change(key);
	await writer.finish(key);
	await ended;

	const versions = Array.from({ length: 14 }, (_, index) => index + 1);
	expect(Object.fromEntries(seen)).toEqual(
		Object.fromEntries(Object.keys(clients).map((name) => [name, versions])),
	);
});

test('docs/streaming.md shows the code that continues after a lost connection', async () => {
	const page = await readFile(join(import.meta.dirname, '../docs/streaming.md'), 'utf8');
	const code = await readFile(join(import.meta.dirname, 'clients/resuming.ts'), 'utf8');
	expect(page).toContain(code);
});
