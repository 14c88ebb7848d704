import { EventSource } from 'eventsource';
import { describe, expect } from 'vitest';
import { watchMany } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';
import type { ServerProcess } from './harness/system.ts';
import type { Writer } from './harness/writer.ts';

const test = systemTest();

/** The stream of one contract; `version` is not asked for, and yet is the id. */
function streamUrl(server: ServerProcess, address: string, afterVersion = 0): string {
	const query = `subscription { contractStatus(address: "${address}", afterVersion: ${afterVersion}) { status } }`;
	return `${server.url}/graphql?${new URLSearchParams({ query })}`;
}

function open(url: string, lastEventId: string, init: RequestInit = {}): Promise<Response> {
	const headers = { ...init.headers, accept: 'text/event-stream', 'last-event-id': lastEventId };
	return fetch(url, { ...init, headers });
}

async function idsOf(response: Response): Promise<number[]> {
	const text = await response.text();
	return text
		.matchAll(/^id: (.*)$/gm)
		.map(([, id]) => Number(id))
		.toArray();
}

async function finished(writer: Writer, changes: number): Promise<string> {
	const key = writer.fresh();
	await writer.change(key, changes - 1);
	await writer.finish(key);
	return key.address;
}

describe('the stream of one contract', () => {
	test('gives each event its version as id, next and complete as the protocol has them', async ({
		server,
		writer,
	}) => {
		const response = await fetch(streamUrl(server, await finished(writer, 3)), {
			headers: { accept: 'text/event-stream' },
		});
		expect(response.headers.get('content-type')).toBe('text/event-stream');
		const statuses = ['CREATED', 'PROCESS', 'SUCCESS'];
		const events = statuses.map(
			(status, index) =>
				`id: ${index + 1}\nevent: next\ndata: {"data":{"contractStatus":{"status":"${status}"}}}\n\n`,
		);
		expect(await response.text()).toBe(`:\n\n${events.join('')}event: complete\ndata:\n\n`);
	});

	test('goes on after Last-Event-ID, or after afterVersion where that is higher', async ({
		server,
		writer,
	}) => {
		const address = await finished(writer, 5);
		expect(await idsOf(await open(streamUrl(server, address), '3'))).toEqual([4, 5]);
		expect(await idsOf(await open(streamUrl(server, address, 4), '3'))).toEqual([5]);
	});

	test('is over for an EventSource that has the last event: 204, and complete for a POST', async ({
		server,
		writer,
	}) => {
		const address = await finished(writer, 3);
		const answer = await open(streamUrl(server, address), '3');
		expect(answer.status).toBe(204);
		const body = JSON.stringify({
			query: `subscription { contractStatus(address: "${address}") { status } }`,
		});
		const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
		const posted = await open(`${server.url}/graphql`, '3', init);
		expect(await posted.text()).toBe('event: complete\ndata:\n\n');
	});

	test.for(['abc', '-1', '1.5', '99999999999'])(
		'refuses Last-Event-ID: %s',
		async (id, { server, writer }) => {
			const text = await (await open(streamUrl(server, await finished(writer, 3)), id)).text();
			expect(text).toContain('"code":"BAD_USER_INPUT"');
			expect(text).toContain('Last-Event-ID has to be the id of an event of this stream.');
		},
	);
});

test('the stream of many contracts gives no ids, as one number is no place in it', async ({
	server,
	writer,
}) => {
	const addresses = [await finished(writer, 3), await finished(writer, 3)];
	const body = JSON.stringify({ query: watchMany, variables: { addresses } });
	const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
	const text = await (await open(`${server.url}/graphql`, '3', init)).text();
	expect(text.match(/^event: next$/gm)).toHaveLength(2);
	expect(text).not.toContain('id: ');
});

test('an EventSource that is never closed is sent away once it has everything', async ({
	server,
	writer,
}) => {
	const key = writer.fresh();
	await writer.change(key, 2);
	const source = new EventSource(streamUrl(server, key.address));
	const ids: string[] = [];
	source.addEventListener('next', ({ lastEventId }) => ids.push(lastEventId));
	const complete = new Promise((resolve) => source.addEventListener('complete', resolve));
	await writer.finish(key);
	await complete;
	await new Promise<void>((resolve) =>
		source.addEventListener('error', () => source.readyState === source.CLOSED && resolve()),
	);
	expect(ids).toEqual(['1', '2', '3']);
});
