import { expect } from 'vitest';
import { all, ask, openWs, watch, watchOne } from '../harness/client.ts';
import { randomAddress, verified } from '../harness/contracts.ts';
import { shown, untilCounted } from '../harness/counts.ts';
import { systemTest } from '../harness/fixture.ts';
import { untilMetric } from '../harness/metrics.ts';

const test = systemTest({ worker: {} });

test('what can happen is there from the start, at zero', async ({ server }) => {
	const atStart = await shown(server);
	for (const name of [
		'graphql_operation_duration_seconds_count{operation="Submit",type="mutation",outcome="server_error"}',
		'graphql_errors_total{code="INTERNAL_SERVER_ERROR",operation="ReadCached"}',
		'graphql_rejected_total{reason="depth"}',
		'graphql_subscriptions_active{operation="contractStatuses",transport="sse"}',
		'http_server_request_duration_seconds_count{method="POST",route="/graphql",status_class="5xx"}',
		'websocket_opened_total',
		'websocket_closed_total{code="1006"}',
		'subscription_events_total{operation="contractStatus",result="dropped"}',
		'contract_submissions_total{result="accepted",kind="door"}',
		'cache_requests_total{cache="contract",result="error"}',
		'cache_coalesced_total{cache="contract"}',
		'read_duration_seconds_count{path="uncached",cache_result="none"}',
	]) {
		expect([name, atStart.get(name)]).toEqual([name, 0]);
	}
	// What cannot happen would only be in the way.
	const names = [...atStart.keys()];
	expect(
		names.filter((name) => /operation="Submit",type="query"|kind="implementation"/.test(name)),
	).toEqual([]);
});

test('submissions are counted by who asked and what became of it', async ({ system, server }) => {
	const before = await shown(server);
	const [one, two, asked] = [0, 1, 2].map(() => verified(system.emulator));
	const submit = (more: string) =>
		ask(
			server.url,
			`mutation { submitContracts(addresses: ["${one}", "${two}"]${more}) { status } }`,
		);
	await submit('');
	await all(watch('ws', server.url, watchOne, { address: one }));
	await all(watch('ws', server.url, watchOne, { address: two }));
	await submit('');
	await submit(', refresh: true');
	await submit(', chainId: 999999999');
	const api = `${server.url}/v2/api?chainid=1&module=contract&action=getabi&address=${asked}`;
	await (await fetch(api)).text();
	await untilCounted(server, before, /^contract_submissions/, {
		'contract_submissions_total{result="accepted",kind="submit"}': 2,
		'contract_submissions_total{result="duplicate",kind="submit"}': 2,
		'contract_submissions_total{result="rejected",kind="submit"}': 2,
		'contract_submissions_total{result="accepted",kind="refresh"}': 2,
		'contract_submissions_total{result="accepted",kind="door"}': 1,
	});
});

test('reads are counted by their path, and those of the cache by what it had', async ({
	system,
	server,
}) => {
	const address = verified(system.emulator);
	await ask(server.url, `mutation { submitContract(address: "${address}") { status } }`);
	await all(watch('ws', server.url, watchOne, { address }));
	const before = await shown(server);
	const read = (field: string) => ask(server.url, `{ ${field}(address: "${address}") { status } }`);
	await read('contract');
	await read('cachedContract');
	await read('cachedContract');
	await read('cachedContract');
	await untilCounted(server, before, /^(?:cache_(?:re|co|load)|read)/, {
		'cache_requests_total{cache="contract",result="hit"}': 2,
		'cache_requests_total{cache="contract",result="miss"}': 1,
		'cache_load_duration_seconds_count{cache="contract"}': 1,
		'read_duration_seconds_count{path="cached",cache_result="hit"}': 2,
		'read_duration_seconds_count{path="cached",cache_result="miss"}': 1,
		'read_duration_seconds_count{path="uncached",cache_result="none"}': 1,
	});
});

test('WebSockets are counted when they open and by the code that they close with', async ({
	server,
}) => {
	const before = await shown(server);
	const client = openWs(server.url);
	const next = Promise.withResolvers<void>();
	client.subscribe(
		{ query: `subscription { contractStatus(address: "${randomAddress()}") { version } }` },
		{ next: () => next.resolve(), error: next.reject, complete: () => next.resolve() },
	);
	await untilMetric(server, 'websocket_connections', 1);
	await client.dispose();
	const strange = new WebSocket(
		`${server.url.replace('http', 'ws')}/graphql`,
		'graphql-transport-ws',
	);
	await new Promise((resolve) => strange.addEventListener('open', resolve));
	strange.close(4_999);
	await untilCounted(server, before, /^websocket/, {
		websocket_opened_total: 2,
		'websocket_closed_total{code="1000"}': 1,
		'websocket_closed_total{code="other"}': 1,
	});
});
