import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LokiFault, startLokiSink } from '../harness/loki-sink.ts';
import type { Report } from './protocol.ts';
import { distinct, droppedBy, startWriter, type Writer } from './writing.ts';

const usage = `npm run loki-down -- [--minutes N] [--rate N] [--healthy SECONDS]
  logs to a Loki that refuses connections, one that never answers, one that answers 429, and one that is well, all at
  once, and reports what it cost and what was delivered when it came back`;

/** Growth above which it has failed. */
const mostMegabytes = 20;

const { values } = parseArgs({
	options: {
		minutes: { type: 'string', default: '10' },
		rate: { type: 'string', default: '1000' },
		healthy: { type: 'string', default: '30' },
	},
});
const [minutes = 0, perSecond = 0, healthy = 0] = [
	...[values.minutes, values.rate, values.healthy],
].map(Number);
if (!(minutes > 0 && perSecond > 0 && healthy > 0)) throw new Error(usage);

const megabytes = (bytes: number) => Math.round((bytes / 1024 / 1024) * 10) / 10;

async function sufferFrom(fault: LokiFault) {
	await using sink = await startLokiSink();
	await using writer = startWriter(sink.url);
	let delivered = 0;
	const forget = () => {
		delivered += distinct(sink.lines());
		sink.forget();
	};
	// What any burst makes V8 set aside is set aside before anything is compared.
	for (let burst = 0; burst < 3; burst += 1) {
		await writer.send({ kind: 'burst', lines: 10_000 });
		await untilSent(writer);
	}
	await writer.send({ kind: 'rate', perSecond });
	await sleep(healthy * 1_000);
	const before = await writer.send({ kind: 'report' });
	await sink.fail(fault);
	const failsUntil = performance.now() + minutes * 60_000;
	let worst = before;
	let last = before;
	while (performance.now() < failsUntil) {
		await sleep(Math.min(15_000, failsUntil - performance.now()));
		last = await writer.send({ kind: 'report' });
		if (last.rss > worst.rss) worst = last;
		forget();
	}
	forget();
	await sink.fail('none');
	const backAt = performance.now();
	await sink.line(({ line }) => Number(JSON.parse(line).line) > last.logged);
	const recoveredMs = performance.now() - backAt;
	await writer.send({ kind: 'rate', perSecond: 0 });
	const after = await untilSent(writer);
	return {
		fault: String(fault),
		'RSS, MB': megabytes(before.rss),
		'RSS at most, +MB': megabytes(worst.rss - before.rss),
		'RSS at the end, +MB': megabytes(last.rss - before.rss),
		'young generation, +MB': megabytes(last.young - before.young),
		'heap at the end, +MB': megabytes(last.heap - before.heap),
		logged: after.logged,
		dropped: droppedBy(after),
		waited: last.waiting,
		'delivered when back': distinct(sink.lines()),
		'back after, s': Math.round(recoveredMs / 100) / 10,
		'log call p99 before/during, ms': `${before.p99LogMs.toFixed(2)}/${last.p99LogMs.toFixed(2)}`,
		'event loop p99 before/during, ms': `${before.p99LagMs.toFixed(0)}/${last.p99LagMs.toFixed(0)}`,
		unaccounted: after.written - droppedBy(after) - delivered - distinct(sink.lines()),
	};
}

/** How things stand once nothing waits any more. */
async function untilSent(writer: Writer): Promise<Report> {
	let report = await writer.send({ kind: 'report' });
	while (report.waiting > 0) {
		await sleep(100);
		report = await writer.send({ kind: 'report' });
	}
	return report;
}

const results = await Promise.all((['refuse', 'hang', 429, 'none'] as const).map(sufferFrom));
for (const result of results) console.table(result);
const grown = results.filter((result) => result['RSS at the end, +MB'] >= mostMegabytes);
process.exitCode = grown.length > 0 ? 1 : 0;
