import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bounds } from '../../platform/telemetry/log/loki.ts';
import { type LokiLine, type LokiSink, startLokiSink } from '../harness/loki-sink.ts';
import { distinct, droppedBy, startWriter, type Writer } from './writing.ts';

const burst = 20_000;
/** Bytes, after a collection. Generous: `npm run loki-down` measures. */
const mostGrowth = 30 * 1024 * 1024;

/** What the writer counted a line by; the log's own remarks have none. */
const numberOf = ({ line }: LokiLine): number | undefined => JSON.parse(line).line;

describe('a process that logs to Loki', () => {
	let sink: LokiSink;
	let writer: Writer;
	beforeAll(async () => {
		sink = await startLokiSink();
		writer = startWriter(sink.url);
	});
	afterAll(async () => {
		await writer[Symbol.asyncDispose]();
		await sink.close();
	});

	/** An error logged now, once it is there. */
	async function arrived(): Promise<LokiLine> {
		const { logged } = await writer.send({ kind: 'error' });
		return sink.line((line) => numberOf(line) === logged - 1);
	}

	test('gives its lines the labels that find them, and a traced one its trace', async () => {
		await writer.send({ kind: 'burst', lines: 100 });
		const traced = await arrived();
		expect(traced.labels).toEqual({
			...{ service_name: 'verifeed-writer', env: 'development', level: 'error' },
		});
		const { trace_id, span_id, timestamp, level } = JSON.parse(traced.line);
		expect(trace_id).toMatch(/^[\da-f]{32}$/);
		expect(traced.metadata).toEqual({ trace_id, span_id });
		expect([traced.at.toISOString(), level]).toEqual([timestamp, 'error']);
		const others = sink.lines().filter((line) => line !== traced);
		expect(others.every(({ metadata }) => Object.keys(metadata).length === 0)).toBe(true);
	});

	test('counts those that Loki refuses for good, and sends what comes after them', async () => {
		const report = () => writer.send({ kind: 'report' });
		const refused = async () => (await report()).dropped['refused'] ?? 0;
		// Nothing of the test before is left.
		await expect.poll(async () => (await report()).waiting, { timeout: 60_000 }).toBe(0);
		await sink.fail(400);
		await writer.send({ kind: 'burst', lines: 10 });
		// The lines of each level go in a request of their own.
		await expect.poll(refused, { timeout: 60_000 }).toBeGreaterThanOrEqual(10);
		await sink.fail('none');
		await arrived();
		// The log's own remark on it may be among them.
		expect([10, 11]).toContain(await refused());
	});

	test.each([
		['refuses connections', 'refuse'],
		['never answers', 'hang'],
		['answers 429', 429],
		['is slow', 'slow'],
	] as const)(
		'keeps within its bounds when Loki %s, counts what it drops, and sends later lines',
		async (_how, fault) => {
			const before = await writer.send({ kind: 'report' });
			await sink.fail(fault);
			const during = await writer.send({ kind: 'burst', lines: burst });
			expect(during.waiting).toBeLessThanOrEqual(bounds.entries);
			expect(droppedBy(during) - droppedBy(before)).toBeGreaterThanOrEqual(burst - bounds.entries);
			expect(during.heap - before.heap).toBeLessThan(mostGrowth);
			if (fault !== 'slow') await sink.fail('none');
			await arrived();
		},
	);

	test('sends what is left before it ends: each line has arrived, or is counted as dropped', async () => {
		await sink.fail('none');
		await writer.send({ kind: 'burst', lines: 100 });
		const end = await writer.send({ kind: 'close', ms: 50_000 });
		expect([end.waiting, end.dropped['shutdown']]).toEqual([0, 0]);
		expect(distinct(sink.lines()) + droppedBy(end)).toBe(end.written);
		expect(await writer.ended).toBe(0);
	});
});

test.concurrent.each([
	['is away', 'refuse'],
	['never answers', 'hang'],
] as const)('a process ends although Loki %s', async (_what, fault) => {
	await using sink = await startLokiSink();
	await using writer = startWriter(sink.url);
	await sink.fail(fault);
	await writer.send({ kind: 'burst', lines: 100 });
	const { waiting, dropped } = await writer.send({ kind: 'close', ms: 2_000 });
	expect(waiting).toBe(0);
	expect(dropped['shutdown']).toBeGreaterThanOrEqual(100);
	expect(await writer.ended).toBe(0);
});
