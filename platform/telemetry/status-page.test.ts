import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, expect, test } from 'vitest';
import { nowhere } from '../../ops/run/settings.ts';
import { readConfig } from '../config.ts';
import { openProbes } from '../probes.ts';
import type { Part } from './instrument.ts';
import { type Metrics, openMetrics } from './metrics.ts';

const longest = 'nodejs_eventloop_lag_max_seconds';
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

const build = { APP_VERSION: '1.2<3>', APP_COMMIT: 'abc' };
const settings = { ...nowhere, ...build, SOURCES: 'etherscan,sourcify' };
const open = (part: Part = 'server') => openMetrics(part, readConfig(settings));

async function serve(metrics: Metrics, checks: Record<string, () => Promise<void>> = {}) {
	const probes = await openProbes({ name: 'server', host: '127.0.0.1', port: 0 }, metrics, checks);
	stack.defer(() => probes.close());
	return (accept: string) => fetch(`http://127.0.0.1:${probes.port}/`, { headers: { accept } });
}

const textOf = async (metrics: Metrics) => (await (await serve(metrics))('text/plain')).text();

function withWork(metrics: Metrics): void {
	const operation = { operation: 'List', operationType: 'query', seconds: 0.02 } as const;
	for (let i = 0; i < 99; i++) {
		metrics.measure({ type: 'graphql.answered', ...operation, outcome: 'ok' });
	}
	metrics.measure({ type: 'graphql.answered', ...operation, outcome: 'server_error' });
	for (const result of ['hit', 'hit', 'hit', 'miss'] as const) {
		metrics.measure({ type: 'cache.read', result });
	}
}

test('a terminal gets in plain words what is measured', async () => {
	const metrics = open();
	withWork(metrics);
	const get = await serve(metrics, { mysql: async () => {} });
	const text = await (await get('*/*')).text();
	expect(text).toContain('  GraphQL operations                 99 ok, 1 server error');
	expect(text).toContain('  reads, since the start             3 hit, 1 miss');
	expect(text).toContain('! publisher to RabbitMQ              not there');
	expect(text).not.toContain('consumer to RabbitMQ');
	expect(text).toMatch(/^The server works; 1 of the facts below is not as it should be/);
});

test('an upstream that is left alone is marked', async () => {
	const metrics = open('worker');
	metrics.measure({ type: 'upstream.breaker', upstream: 'ETHERSCAN', state: 'open' });
	const text = await textOf(metrics);
	expect(text).toContain('! etherscan                          left alone for now after failures');
	expect(text).toContain('  sourcify                           asked\n');
	expect(text).toContain('  sourcify, since the start          none');
});

test('of what is not measured there is no word', async () => {
	const text = await textOf(open('warmup'));
	expect(text).toMatch(/^Process$/m);
	expect(text).not.toMatch(/^(Requests|Cache|Contracts|Jobs|Upstreams)/m);
});

test('what was wrong once, and is over, is said without a mark', async () => {
	const metrics = open('warmup');
	metrics.count('log_entries_total', { level: 'error' });
	const text = await textOf(metrics);
	expect(text).toContain('  errors logged, since the start     1');
	expect(text).toMatch(/^The server works, and nothing that is judged here is wrong/);
});

test('a Loki that does not answer is marked from the first line that waits', async () => {
	const metrics = open('warmup');
	metrics.read('log_buffer_entries', () => 3);
	metrics.read('log_delivery_failing', () => 1);
	const text = await textOf(metrics);
	expect(text).toMatch(/^! to Loki +the last attempt failed\n {2}log lines that wait for it +3$/m);
	expect(text).toMatch(/^The server works; 1 of the facts below is not/);
});

test('what is down is said first, and the page comes all the same', async () => {
	const checks = { mysql: () => Promise.reject(new Error('no')), redis: async () => {} };
	const get = await serve(open(), checks);
	const state = await (await get('application/json')).json();
	expect(state).toMatchObject({ process: 'server', down: ['mysql'] });
	const page = await (await get('text/html,application/xhtml+xml')).text();
	expect(page).toContain('The server cannot work whole: mysql cannot be used.');
});

test('a metric whose source hangs is left out', async () => {
	const metrics = open();
	metrics.read('log_buffer_entries', () => new Promise<number>(() => {}));
	const text = await textOf(metrics);
	expect(text).toContain('spans never sent');
	expect(text).not.toContain('log lines that wait');
});

test('the page is escaped, runs nothing and loads nothing', async () => {
	const get = await serve(open());
	const answer = await get('text/html');
	const page = await answer.text();
	expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
	expect(page).toContain('1.2&lt;3&gt; (abc)');
	expect(page).not.toMatch(/<script|1\.2<3>|src=|https?:/);
});

test('a look at the page takes nothing from what Prometheus sees of the event loop', async () => {
	const metrics = open();
	const lag = async () =>
		(await metrics.registry.getSingleMetric(longest)?.get())?.values[0]?.value;
	const get = await serve(metrics);
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
	await (await get('text/plain')).text();
	await metrics.registry.metrics();
	expect(await lag()).toBeGreaterThan(0.25);
});

test('counters are found before and after they were scraped', async () => {
	const metrics = open();
	withWork(metrics);
	for (const _ of [1, 2]) {
		expect(await textOf(metrics)).toContain('3 hit, 1 miss');
		await metrics.registry.metrics();
	}
});
