import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspected, memoryOf } from '../../test/harness/memory.ts';
import { startProcess } from '../../test/harness/process.ts';
import type { ServerProcess } from '../../test/harness/system.ts';
import type { Bench } from '../bench.ts';
import { percentile } from '../open-loop.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import type { Change } from '../subscriptions/messages.ts';
import { type Subscribers, startSubscribers, write } from '../subscriptions/start.ts';
import { cpuMs } from '../wrk/wrk.ts';

/** Of one server that was measured once. */
interface Measured {
	/** Bytes of a subscription, with its hundredth of a connection; and of a connection without its one subscription. */
	subscription: number;
	connection: number;
	/** Of a core, with all of them idle and beyond what an empty server takes: a hundred a connection, and one each. */
	shared: number;
	single: number;
	/** Milliseconds from a commit to the subscriber. */
	p50: number;
	p99: number;
	/** Milliseconds of the processor for each change. */
	cpu: number;
}

const figures: readonly Measure[] = [
	{ title: 'heap of each', unit: 'KB', most: 5, value: (of) => of.subscription / 1_000 },
	{ title: 'heap of each connection', unit: 'KB', most: 8, value: (of) => of.connection / 1_000 },
	{ title: 'all idle', unit: '% of a core', most: 3, value: (of) => of.shared * 100 },
	{ title: 'all idle, a connection each', unit: '% of a core', value: (of) => of.single * 100 },
	{ title: '1,000 changes a second', unit: 'ms, p50', value: ({ p50 }) => p50 },
	{ title: '1,000 changes a second', unit: 'ms, p99', mostRatio: 1.5, value: ({ p99 }) => p99 },
];

interface Measure extends Pick<Figure, 'title' | 'unit'> {
	value(of: Measured): number;
	/** What is demanded of it, or of its ratio to the peer's. */
	most?: number;
	mostRatio?: number;
}

const perConnection = 100;
const rate = 1_000;
/** A contract in so many is changed, so that each has several changes, and none a second one while the first is on its way. */
const every = 5;
/** Each opens its half. */
const processes = 2;

interface Extent {
	count: number;
	idleSeconds: number;
	changeSeconds: number;
}

/** Open `contractStatus`: what each costs while it is idle, and how soon it has what is committed, each event in order. */
export async function compareSubscriptions(bench: Bench): Promise<Figure[]> {
	const { quick, pairs } = bench.extent;
	const extent = quick
		? { count: 2_000, idleSeconds: 2, changeSeconds: 3 }
		: { count: 10_000, idleSeconds: 5, changeSeconds: 10 };
	bench.say(`${extent.count} subscriptions: Verifeed, graphql-ws`);
	const sides = [
		{ name: 'Verifeed', start: () => startOurs(bench), measured: [] as Measured[] },
		{ name: 'graphql-ws', start: () => startPlain(bench), measured: [] as Measured[] },
	];
	for (let n = 0; n < (quick ? 1 : Math.min(pairs, 3)); n += 1) {
		for (const side of n % 2 === 0 ? sides : sides.toReversed()) {
			bench.signal.throwIfAborted();
			const server = await side.start();
			side.measured.push(await measure(bench, server, extent));
			await server.stop();
		}
	}
	const measured = figures.map(({ title, unit, value }) =>
		figureOf(
			{
				...{ comparison: 'subscriptions', better: 'lower', unit },
				title: `${extent.count.toLocaleString('en-US')} open contractStatus: ${title}`,
			},
			sides.map(({ name, measured }) => ({
				name,
				samples: measured.map((one) => ({
					value: value(one),
					cpu: unit.startsWith('ms') ? one.cpu : null,
				})),
			})),
		),
	);
	figures.forEach((measure, index) => {
		const verdict = measured[index] && verdictOf(measure, measured[index]);
		if (verdict) bench.say(verdict);
	});
	return measured;
}

/** Null where nothing is demanded. */
function verdictOf(
	{ most, mostRatio }: Measure,
	{ title, unit, ours, peers }: Figure,
): string | null {
	const ratio = peers[0]?.ratio.median ?? Number.NaN;
	const [found, bound] = mostRatio === undefined ? [ours.median, most] : [ratio, mostRatio];
	if (bound === undefined) return null;
	const what = mostRatio === undefined ? unit : `times the peer's (${unit})`;
	const held = found <= bound ? 'HELD' : 'NOT HELD';
	return `${held}: ${title}: ${found.toFixed(2)} ${what}, at most ${bound}`;
}

async function startOurs(bench: Bench): Promise<Subject> {
	const url = await bench.sinkUrl();
	const telemetry = { LOKI_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url };
	// Those of one connection each, and whoever is still leaving.
	const limits = { MAX_CONNECTIONS: '12000' };
	const server = await (await bench.system()).server({ ...telemetry, ...limits, ...inspected });
	return Object.assign(server, { ordered: true });
}

async function startPlain(bench: Bench): Promise<Subject> {
	const { REDIS_URL = '' } = (await bench.system()).env;
	const env = { NODE_ENV: 'production', REDIS_URL, ...inspected };
	const running = startProcess('bench/peers/subscriptions.mjs', env);
	bench.stack.defer(async () => {
		await running.stop();
	});
	const { port } = await running.logged(({ message }) => message === 'ready');
	const url = `http://127.0.0.1:${port}`;
	return Object.assign(running, { url, metricsUrl: url, ordered: false });
}

interface Subject extends ServerProcess {
	/** What is published in another order than it was committed is put right. */
	ordered: boolean;
}

async function measure(bench: Bench, server: Subject, extent: Extent): Promise<Measured> {
	const { count, idleSeconds, changeSeconds } = extent;
	// So that what is loaded and compiled once counts nowhere.
	const warm = await open(server, perConnection, perConnection);
	await deliver(bench, warm, { subscriptions: perConnection, rate: rate / 10, seconds: 3 });
	await warm[Symbol.asyncDispose]();
	const empty = await restOf(server, idleSeconds);
	const opened = await open(server, count, perConnection);
	const shared = await restOf(server, idleSeconds);
	const changing = { subscriptions: count, rate, seconds: changeSeconds };
	const before = cpuMs(server.pid);
	const latencies = await deliver(bench, opened, changing);
	const cpu = (cpuMs(server.pid) - before) / latencies.length;
	await opened[Symbol.asyncDispose]();
	const left = await restOf(server, 1);
	const singly = await open(server, count, 1);
	const single = await restOf(server, idleSeconds);
	await singly[Symbol.asyncDispose]();
	const subscription = (shared.used - empty.used) / count;
	return {
		subscription,
		connection: (single.used - left.used) / count - subscription,
		// The kernel counts in hundredths of a second: none at all would be no number to compare with.
		shared: Math.max(0.001, shared.share - empty.share),
		single: Math.max(0.001, single.share - empty.share),
		...{ p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), cpu },
	};
}

/** Of a server to which nothing happens: bytes in use, and processor time as a share of a core. */
async function restOf(server: ServerProcess, seconds: number) {
	await settled(server);
	const { used } = await memoryOf(server);
	// What a collection leaves behind is still swept.
	await sleep(1_000);
	return { used, share: await shareOf(server, seconds) };
}

/** Whoever has subscribed is still read for, and its spans wait to be sent: until little of a core is used, twice in turn. */
async function settled(server: ServerProcess): Promise<void> {
	let quiet = 0;
	for (let second = 0; second < mostSettling && quiet < 2; second += 1) {
		quiet = (await shareOf(server, 1)) < 0.1 ? quiet + 1 : 0;
	}
}

const mostSettling = 30;

async function shareOf({ pid }: ServerProcess, seconds: number): Promise<number> {
	const [before, started] = [cpuMs(pid), performance.now()];
	await sleep(seconds * 1_000);
	return (cpuMs(pid) - before) / (performance.now() - started);
}

interface Opened extends AsyncDisposable {
	run: string;
	subscribers: readonly Subscribers[];
}

async function open({ url, ordered }: Subject, count: number, each: number): Promise<Opened> {
	const run = randomBytes(8).toString('hex');
	const part = count / processes;
	const subscribers = await Promise.all(
		Array.from({ length: processes }, (_, index) =>
			startSubscribers({ ...{ url, run, each, ordered }, first: index * part, count: part }),
		),
	);
	return {
		...{ run, subscribers },
		async [Symbol.asyncDispose]() {
			await Promise.all(subscribers.map((one) => one[Symbol.asyncDispose]()));
		},
	};
}

/** Milliseconds from each commit to the subscriber, who got it in order; throws where one is missing. */
async function deliver(
	bench: Bench,
	{ run, subscribers }: Opened,
	{ subscriptions, rate, seconds }: { subscriptions: number; rate: number; seconds: number },
): Promise<number[]> {
	const { env } = await bench.system();
	const { MYSQL_URL = '', REDIS_URL = '' } = env;
	const plan = { run, every, count: subscriptions / every, changes: rate * seconds, rate };
	// The changes come in turn, so each process has as many as another.
	const received = subscribers.map((one) => one.received(plan.changes / subscribers.length));
	const { changes } = await write(plan, { MYSQL_URL, REDIS_URL });
	const late = AbortSignal.any([bench.signal, AbortSignal.timeout(10_000)]);
	const { promise, reject } = Promise.withResolvers<never>();
	late.onabort = () => reject(new Error('10 s after the last change not all were delivered'));
	const seen = (await Promise.race([Promise.all(received), promise])).flat();
	const named = ({ contract, version }: Change) => `${contract} ${version}`;
	const arrived = new Map(seen.map((change) => [named(change), change.at]));
	return changes.map((change) => {
		const at = arrived.get(named(change));
		if (at === undefined) throw new Error(`${named(change)} was not delivered`);
		return at - change.at;
	});
}
