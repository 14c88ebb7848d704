import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Expression } from '../../ops/grafana/expressions.ts';
import { freePort } from '../../ops/services/ports.ts';
import { all, watch, watchOne } from '../harness/client.ts';
import { verified } from '../harness/contracts.ts';
import { type LokiSink, startLokiSink } from '../harness/loki-sink.ts';
import { type OtlpSink, startOtlpSink } from '../harness/otlp-sink.ts';
import type { RunningProcess } from '../harness/process.ts';
import { openSystem, type ServerProcess, type System } from '../harness/system.ts';
import { smokeLoad } from './load.ts';
import { answerable, namedSeries } from './names.ts';
import { type Alert, canWatch, startWatchers, type Watchers } from './watchers.ts';

describe.skipIf(!canWatch)('the product under the eyes of a real Prometheus', () => {
	let system: System;
	let watchers: Watchers;
	let loki: LokiSink;
	let otlp: OtlpSink;
	let servers: ServerProcess[];
	let worker: RunningProcess;
	let workerPort: string;

	beforeAll(async () => {
		[loki, otlp] = await Promise.all([startLokiSink(), startOtlpSink()]);
		const telemetry = {
			LOKI_URL: loki.url,
			OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
			TRACES_SHARE: '1',
		};
		system = await openSystem({ env: telemetry });
		const ports = await Promise.all([freePort(), freePort(), freePort()]);
		const [one, two, three] = ports.map(String);
		workerPort = three ?? '';
		const at = (port: string | undefined) => `127.0.0.1:${port}`;
		const watched = {
			server: [at(one), at(two)],
			worker: [at(workerPort)],
			rabbitmq: process.env['TEST_RABBITMQ_METRICS'],
			mysqlUrl: process.env['TEST_MYSQL_URL'],
			redisUrl: system.env['REDIS_URL'],
		};
		// Without a limit there is no share of it to be shown.
		await system.redis.config('SET', 'maxmemory', '256mb');
		[worker, ...servers] = await Promise.all([
			system.worker({ METRICS_PORT: workerPort }),
			...[one, two].map((port) => system.server({ METRICS_PORT: port ?? '' })),
		]);
		watchers = await startWatchers(watched, system.vhost.name);
		// What happens before the first look at a counter is no increase of it.
		await untilNothing(() => watchers.down());
		const warmup = system.run('warmup/main.ts');
		await Promise.all([smokeLoad(system, servers), warmup.exit]);
	});

	afterAll(async () => {
		await watchers?.[Symbol.asyncDispose]();
		await system?.[Symbol.asyncDispose]();
		await Promise.all([loki?.close(), otlp?.close()]);
	});

	let missing: string[] = [];

	/** Asks again until nothing is missing any more; a test that takes too long says what was. */
	async function untilNothing(find: () => Promise<string[]>): Promise<void> {
		for (;;) {
			missing = await find();
			if (missing.length === 0) return;
			await sleep(250);
		}
	}
	afterEach(() => {
		const still = missing;
		missing = [];
		expect(still).toEqual([]);
	});

	test('every series that a panel or a rule reads is exposed, by the job that it is looked for at', async () => {
		await untilNothing(async () => {
			const there = await watchers.prometheus.query('group by (__name__, job) ({__name__!=""})');
			const known = new Set(
				there.map(({ labels }) => `${labels['__name__']} ${labels['job'] ?? ''}`),
			);
			const anywhere = new Set(there.map(({ labels }) => labels['__name__']));
			return namedSeries()
				.filter(({ series, jobs }) =>
					jobs.includes('')
						? !anywhere.has(series)
						: !jobs.some((job) => known.has(`${series} ${job}`)),
				)
				.map(({ series, jobs }) => `${series} of ${jobs.join('|')}`);
		});
	});

	test('every query of every panel has an answer', async () => {
		await untilNothing(() => unanswered(answerable().filter((one) => !needsAlert(one))));
	});

	test('as many moves are counted as events are in MySQL', async () => {
		const rows = await system.database.query<{ status: string; events: number }>(
			'select status, count(*) as events from contract_events group by status',
		);
		expect(rows.map(({ status }) => status).toSorted()).toEqual([
			'CREATED',
			'ERROR',
			'PROCESS',
			'SUCCESS',
		]);
		const moves = 'sum by (to) (contract_transitions_total)';
		await untilNothing(async () => {
			const counted = await watchers.prometheus.query(moves);
			return rows.flatMap(({ status, events }) => {
				const found = counted.find(({ labels }) => labels['to'] === status)?.value ?? 0;
				return found === events ? [] : [`${events} are ${status}, ${found} are counted`];
			});
		});
	});

	test('an answer, its log lines, its spans and its exemplars have one trace id', async () => {
		const [server] = servers;
		if (!server) throw new Error('there is a server');
		const address = verified(system.emulator);
		const { traceId } = await submitTraced(server.url, address);
		await all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
		for (const service of ['verifeed-server', 'verifeed-worker']) {
			const line = await loki.line(
				({ labels, metadata }) =>
					labels['service_name'] === service && metadata['trace_id'] === traceId,
			);
			expect(JSON.parse(line.line)).toMatchObject({ trace_id: traceId });
			await otlp.span((span) => span.service === service && span.traceId === traceId);
		}
		await untilNothing(async () => {
			const histograms = [
				'graphql_operation_duration_seconds',
				'messaging_process_duration_seconds',
			];
			const found = histograms.map(async (name) => {
				const ids = await watchers.prometheus.exemplars(`${name}_bucket`);
				return ids.includes(traceId) ? [] : [`an exemplar of ${name}`];
			});
			return (await Promise.all(found)).flat();
		});
	});

	test('a worker that dies is reported to people, and that it is back', async () => {
		const alerted = (alertname: string, status: Alert['status'], labels = {}) =>
			watchers.alerted(
				(alert) => alert.status === status && fits(alert.labels, { alertname, ...labels }),
			);
		const down = alerted('TargetDown', 'firing', { job: 'worker', severity: 'page' });
		const idle = alerted('QueueWithoutConsumers', 'firing');
		worker.signal('SIGKILL');
		const { annotations } = await down;
		expect(annotations['summary']).toBe(`worker 127.0.0.1:${workerPort} is down`);
		const runbook = (annotations['runbook_url'] ?? '').replace('localhost', '127.0.0.1');
		expect(await (await fetch(runbook)).text()).toMatch(/^# TargetDown/);
		await idle;
		await untilNothing(() => unanswered(answerable().filter(needsAlert)));

		const over = [alerted('TargetDown', 'resolved'), alerted('QueueWithoutConsumers', 'resolved')];
		await system.worker({ METRICS_PORT: workerPort });
		await Promise.all(over);
	});

	async function unanswered(asked: readonly Expression[]): Promise<string[]> {
		const answers = asked.map(async ({ board, of, text }) => {
			const found = await watchers.prometheus.query(text);
			return found.length > 0 ? [] : [`${board}, ${of}: ${text}`];
		});
		return (await Promise.all(answers)).flat();
	}
});

/** Has an answer only while something is wrong. */
function needsAlert({ text }: Expression): boolean {
	return text.includes('ALERTS{alertstate="firing"');
}

function fits(labels: Record<string, string>, wanted: Record<string, string>): boolean {
	return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

async function submitTraced(url: string, address: string): Promise<{ traceId: string }> {
	const query = `mutation { submitContract(address: "${address}") { status } }`;
	const response = await fetch(`${url}/graphql`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ query }),
	});
	expect(await response.json()).toEqual({ data: { submitContract: { status: 'CREATED' } } });
	return { traceId: response.headers.get('x-trace-id') ?? '' };
}
