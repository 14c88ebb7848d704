import { describe, expect } from 'vitest';
import { ask } from './harness/client.ts';
import { own, systemTest } from './harness/fixture.ts';
import { startLokiSink } from './harness/loki-sink.ts';

const test = systemTest()
	.extend(
		'sink',
		{ scope: 'file' },
		own(startLokiSink, (sink) => sink.close()),
	)
	.extend('options', { scope: 'file' }, ({ sink }) => ({
		server: { TEST_OPERATIONS: 'true', LOKI_URL: sink.url, APP_ENV: 'test' },
	}));

const fields = '{ __schema { types { name fields { name } enumValues { name } } } }';

describe('with TEST_OPERATIONS=true', () => {
	test('a server warns when it starts, and shows the fields', async ({ server }) => {
		await server.logged(
			({ level, message }) => level === 'warn' && /^TEST_OPERATIONS/.test(message),
		);
		const { data } = await ask(server.url, fields);
		expect(JSON.stringify(data)).toMatch(/"testLog".*"testError".*"testWait"/);
	});

	test('testLog writes lines to the log and to Loki, in the trace of the request', async ({
		server,
		sink,
	}) => {
		const { data } = await ask(server.url, 'mutation { testLog(lines: 3, level: WARN) }');
		expect(data).toEqual({ testLog: 3 });
		const isThird = (line: string) => /"message":"test line".*"line":3/.test(line);
		const sent = await sink.line(({ line }) => isThird(line));
		expect(sent.labels).toEqual({ service_name: 'verifeed-server', env: 'test', level: 'warn' });
		const said = await server.logged(({ message, line }) => message === 'test line' && line === 3);
		expect(said['trace_id']).toMatch(/^[\da-f]{32}$/);
		expect(sent.metadata['trace_id']).toBe(said['trace_id']);
	});

	test.for([
		['EXPECTED', 'BAD_USER_INPUT'],
		['UNEXPECTED', 'INTERNAL_SERVER_ERROR'],
		['OUTAGE', 'SERVICE_UNAVAILABLE'],
	])('testError fails as %s: %s', async ([kind, code], { server }) => {
		const { errors } = await ask(server.url, `{ testError(kind: ${kind}) }`);
		expect(errors).toMatchObject([{ path: ['testError'], extensions: { code } }]);
	});

	test('testError fails in a share of the calls alone, and without a kind in any way', async ({
		server,
	}) => {
		expect(await ask(server.url, '{ testError(share: 0) }')).toEqual({
			data: { testError: false },
		});
		const { errors } = await ask(server.url, '{ testError }');
		expect(errors).toHaveLength(1);
	});

	test('testWait answers how long it has waited', async ({ server }) => {
		const { data } = await ask<{ testWait: number }>(server.url, '{ testWait(maxMs: 20) }');
		expect(data.testWait).toBeGreaterThanOrEqual(0);
		expect(data.testWait).toBeLessThanOrEqual(20);
	});

	test.for([
		['{ testWait(maxMs: 10001) }'],
		['{ testWait(maxMs: -1) }'],
		['mutation { testLog(lines: 1001) }'],
		['mutation { testLog(lines: 0) }'],
		['{ testError(share: 1.1) }'],
	])('%s is refused', async ([query = ''], { server }) => {
		const { errors } = await ask(server.url, query);
		expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
	});

	test('its last lines are in Loki when it has ended', async ({ server, sink }) => {
		expect(await server.stop()).toBe(0);
		expect(sink.lines().some(({ line }) => line.includes('"message":"process ended"'))).toBe(true);
		const numbers = sink.lines().map(({ line }): number => JSON.parse(line).seq);
		expect(new Set(numbers).size).toBe(server.lines.length);
	});
});

test('without it nothing of them is in the schema', async ({ system }) => {
	const server = await system.server();
	const { data } = await ask(server.url, fields);
	expect(JSON.stringify(data)).not.toMatch(/"test/i);
	const { errors } = await ask(server.url, '{ testWait }');
	expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
});
