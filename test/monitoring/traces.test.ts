import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nowhere } from '../../ops/run/settings.ts';
import { readConfig } from '../../platform/config.ts';
import { openTracing } from '../../platform/telemetry/tracing/open.ts';
import {
	exemplar,
	inSpan,
	startSpan,
	traceParent,
} from '../../platform/telemetry/tracing/spans.ts';
import { type OtlpSink, startOtlpSink } from '../harness/otlp-sink.ts';

let sink: OtlpSink;
let dropped: () => number;
let close = async () => {};

beforeEach(async () => {
	sink = await startOtlpSink();
});

afterEach(async () => {
	await close();
	await sink.close();
	trace.disable();
	context.disable();
});

async function open(settings: Record<string, string> = {}) {
	const given = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, APP_VERSION: '1.2.3', ...settings };
	const config = readConfig({ ...nowhere, ...given });
	let count = 0;
	dropped = () => count;
	({ close } = await openTracing('verifeed-test', config, {
		set() {},
		count(_name, _labels, spans = 1) {
			count += spans;
		},
	}));
}

const endSpans = (count: number) => {
	for (let i = 0; i < count; i++) startSpan('one', { rule: 'always' }).end();
};

test('spans arrive with all that belongs to them', async () => {
	await open();
	let earlier: string | null = null;
	await inSpan('earlier', { rule: 'always' }, () => {
		earlier = traceParent();
	});
	const options = { kind: SpanKind.SERVER, links: [earlier], rule: 'always' as const };
	await inSpan('root', { ...options, attributes: { text: 'a', count: 7, yes: true } }, () =>
		inSpan(
			'child',
			{ kind: SpanKind.CLIENT, attributes: { list: ['a', 'b'], part: 0.5 } },
			() => {},
		),
	);
	await close();
	const [linked, child, root] = sink.spans();
	expect(root).toMatchObject({
		...{ service: 'verifeed-test', name: 'root', kind: 'server', parentId: null, status: 'unset' },
		attributes: { text: 'a', count: 7, yes: true },
		links: [{ traceId: linked?.traceId, spanId: linked?.spanId }],
		resource: { 'service.name': 'verifeed-test', 'service.version': '1.2.3' },
	});
	expect(child).toMatchObject({
		...{ name: 'child', kind: 'client', traceId: root?.traceId, parentId: root?.spanId },
		attributes: { list: ['a', 'b'], part: 0.5 },
	});
	expect(root?.traceId).not.toBe(linked?.traceId);
	expect(dropped()).toBe(0);
});

test('of traces that are not chosen only a root that failed is kept, without what the error said', async () => {
	await open({ TRACES_SHARE: '0' });
	await inSpan('fine', {}, () => inSpan('part', {}, () => {}));
	const failing = inSpan('failing', {}, async () => {
		expect(exemplar()).toBeUndefined();
		await inSpan('part', {}, () => {});
		throw new TypeError('with a secret');
	});
	await expect(failing).rejects.toThrow('with a secret');
	await close();
	expect(sink.spans()).toMatchObject([
		{ name: 'failing', status: 'error', statusMessage: '', parentId: null },
	]);
	expect(inspect(sink.spans(), { depth: null })).not.toContain('secret');
});

test('without an endpoint there are trace ids, and no exemplar leads to them', async () => {
	await open({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
	await inSpan('root', { rule: 'always' }, () => {
		expect(traceParent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
		expect(exemplar()).toBeUndefined();
	});
});

test('what waits for an endpoint that hangs is bounded, and closing does not wait for it', async () => {
	await open();
	await sink.fail('hang');
	endSpans(10_000);
	// A batch of 512 is on its way and 4,096 wait.
	expect(dropped()).toBe(10_000 - 512 - 4_096);
	// Begun before the batch has left, it ends before that is given up, however slow the machine is.
	const closing = close();
	await sink.untilRequests(1);
	await closing;
	// The sink still holds the batch: it is given up only after the end.
	expect(dropped()).toBe(10_000 - 512 - 4_096);
});

test('every span of a bad time is counted, and spans arrive again after it', async () => {
	await open();
	await sink.fail(500);
	endSpans(512);
	while (dropped() < 512) await sleep(20);
	await sink.fail(null);
	endSpans(512);
	await sink.until((spans) => spans.length === 512);
	expect(dropped()).toBe(512);
});
