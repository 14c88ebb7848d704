import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from 'prom-client';
import { afterAll, expect, test } from 'vitest';
import { answerSeconds } from '../metrics/buckets.ts';
import { exportLog } from '../metrics/log.ts';
import { type Metrics, openMetrics } from '../metrics/registry.ts';
import { createCounter, createGauge, createHistogram } from '../metrics/series.ts';
import { readMetrics } from './reading.ts';
import { createStatus } from './status.ts';

const longest = 'nodejs_eventloop_lag_max_seconds';
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

const registry = () => openMetrics('server', { APP_VERSION: '1.2<3>', APP_COMMIT: 'abc' });

async function serve(metrics: Metrics, checks: Record<string, () => Promise<void>> = {}) {
	const status = createStatus('server', metrics, checks);
	const server = createServer(async (request, response) => {
		if (!(await status(request, response))) response.writeHead(404).end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	stack.defer(() => void server.close());
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	return (accept: string) => fetch(url, { headers: { accept } });
}

function withWork(metrics: Metrics): void {
	const operation = createHistogram(metrics, {
		name: 'graphql_operation_duration_seconds',
		help: 'Operations',
		labels: { type: ['query', 'mutation'], outcome: ['ok', 'server_error'] },
		buckets: answerSeconds,
	});
	for (let i = 0; i < 99; i++) operation({ type: 'query', outcome: 'ok' }, 0.02);
	operation({ type: 'query', outcome: 'server_error' }, 4);
	const cached = createCounter(metrics, {
		name: 'cache_requests_total',
		help: 'Reads',
		labels: { cache: ['contract'], result: ['hit', 'miss'] },
	});
	cached({ cache: 'contract', result: 'hit' }, 3);
	cached({ cache: 'contract', result: 'miss' });
	const breaker = createGauge(metrics, {
		name: 'circuit_breaker_state',
		help: 'Breakers',
		labels: { upstream: ['etherscan', 'sourcify'] },
	});
	breaker({ upstream: 'etherscan' }, 2);
}

test('a terminal is told in plain words what is measured', async () => {
	const metrics = registry();
	withWork(metrics);
	const get = await serve(metrics, { mysql: async () => {} });
	const text = await (await get('*/*')).text();
	expect(text).toContain('GraphQL operations                 100,');
	expect(text).toContain('  failed by our fault                1 (1 %)');
	expect(text).toContain('95 % within 24.4 ms');
	expect(text).toContain('hits, since the start              75 % (3 hit, 1 miss)');
	expect(text).toContain(
		'! etherscan                          left alone for now after failures; no calls yet',
	);
	expect(text).not.toContain('sourcify');
	expect(text).toMatch(/^The server works; 1 of the facts below is not as it should be/);
});

test('of what is not measured there is no word', async () => {
	const get = await serve(registry());
	const text = await (await get('text/plain')).text();
	expect(text).toMatch(/^Process$/m);
	expect(text).not.toMatch(/^(Requests|Cache|Contracts|Jobs|Upstreams|Connections)/m);
});

test('what was wrong once, and is over, is told without a mark', async () => {
	const metrics = registry();
	const logged = createCounter(metrics, {
		name: 'log_entries_total',
		help: 'Lines',
		labels: { level: ['error'] },
	});
	logged({ level: 'error' });
	const get = await serve(metrics);
	const text = await (await get('text/plain')).text();
	expect(text).toContain('  errors logged, since the start     1');
	expect(text).toMatch(/^The server works, and nothing that is judged here is wrong/);
});

test('a Loki that does not answer is marked from the first line that waits', async () => {
	const metrics = registry();
	exportLog(metrics, { waiting: () => 3, failing: () => true });
	const text = await (await (await serve(metrics))('text/plain')).text();
	expect(text).toMatch(/^! log lines that wait for Loki +3; the last attempt to send failed$/m);
	expect(text).toMatch(/^The server works; 1 of the facts below is not/);
});

test('what is down is said first, and the page comes all the same', async () => {
	const checks = { mysql: () => Promise.reject(new Error('no')), redis: async () => {} };
	const get = await serve(registry(), checks);
	const state = await (await get('application/json')).json();
	expect(state).toMatchObject({ process: 'server', down: ['mysql'] });
	const page = await (await get('text/html,application/xhtml+xml')).text();
	expect(page).toContain('The server cannot work whole: mysql cannot be used.');
});

test('a metric whose source hangs is left out', async () => {
	const metrics = registry();
	new Gauge({
		name: 'websocket_connections',
		help: 'Hangs',
		registers: [metrics],
		collect: () => new Promise<void>(() => {}),
	});
	const get = await serve(metrics);
	expect(await (await get('')).text()).not.toContain('WebSockets');
});

test('the page is escaped, runs nothing and loads nothing', async () => {
	const get = await serve(registry());
	const answer = await get('text/html');
	const page = await answer.text();
	expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
	expect(page).toContain('1.2&lt;3&gt; (abc)');
	expect(page).not.toMatch(/<script|1\.2<3>|src=|https?:/);
});

test('a look at the page takes nothing from what Prometheus sees of the event loop', async () => {
	const metrics = registry();
	const lag = async () => (await metrics.getSingleMetric(longest)?.get())?.values[0]?.value;
	// It ticks after the one of the registry, which was begun before it.
	const ticks = monitorEventLoopDelay({ resolution: 10 });
	ticks.enable();
	const nextTick = async () => {
		for (const before = ticks.count; ticks.count === before; ) await new Promise(setImmediate);
	};
	await nextTick();
	const blocked = performance.now() + 300;
	while (performance.now() < blocked);
	await nextTick();
	ticks.disable();
	await readMetrics(metrics);
	await metrics.metrics();
	expect(await lag()).toBeGreaterThan(0.25);
});

test('counters are found before and after they were scraped', async () => {
	const metrics = registry();
	withWork(metrics);
	for (const _ of [1, 2]) {
		expect((await readMetrics(metrics)).sum('cache_requests_total')).toBe(4);
		await metrics.metrics();
	}
});
