import { pathToFileURL } from 'node:url';
import { ask, watch, watchOne } from '../../test/harness/client.ts';
import { startProcess } from '../../test/harness/process.ts';
import { openSystem, type ServerProcess, type System } from '../../test/harness/system.ts';
import { type Figures, load } from '../load.ts';
import { median, ratioOf } from '../ratio.ts';
import type { Extent } from '../run.ts';
import { type Mix, operationsOf } from './operations.ts';
import type { SinkMode } from './sink-mode.ts';

/** What telemetry may cost, of requests a second. */
const mostLost = 0.1;

interface Pair {
	on: Figures;
	off: Figures;
}

/** Measures a server with metrics, logs and traces against one without; false where they cost too much. */
export async function compareTelemetry(
	{ pairs, seconds, sink: mode }: Extent,
	stack: AsyncDisposableStack,
	say: (text: string) => void,
): Promise<boolean> {
	const env = { LOG_LEVEL: 'info', REQUESTS_PER_SECOND_PER_CLIENT: '1000000' };
	const system = stack.use(await openSystem({ env }));
	const sink = stack.use(await openSink(mode));
	const addresses = await fill(system);
	const on = await system.server({
		LOKI_URL: sink.url,
		OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
		TEST_OPERATIONS: 'true',
	});
	const without = pathToFileURL('bench/telemetry/without.ts').href;
	const off = await system.server({
		TEST_OPERATIONS: 'true',
		NODE_OPTIONS: `--import ${without}`,
	});
	let lost = 0;
	for (const mix of ['cached reads', 'mixed load'] as const) {
		say(`${mix}: ${pairs} times ${seconds} s for each side`);
		const measured = await measure({ on, off }, mix, addresses, { pairs, seconds });
		lost = Math.max(lost, 1 - report(mix, measured));
	}
	const held = lost <= mostLost;
	const cost = `costs ${percent(lost)} of requests a second, and may cost ${percent(mostLost)}`;
	console.log(`\n${held ? 'HELD' : 'NOT HELD'}: telemetry ${cost}`);
	return held;
}

async function measure(
	sides: { on: ServerProcess; off: ServerProcess },
	mix: Mix,
	addresses: readonly string[],
	{ pairs, seconds }: Pick<Extent, 'pairs' | 'seconds'>,
): Promise<Pair[]> {
	const operations = operationsOf(mix, addresses);
	const run = (server: ServerProcess) => load(server, operations, seconds);
	// Compiled and connected before anything counts.
	await run(sides.on);
	await run(sides.off);
	const measured: Pair[] = [];
	for (let n = 0; n < pairs; n += 1) {
		// Whoever is second finds a warmer machine: they take turns.
		if (n % 2 === 0) measured.push({ on: await run(sides.on), off: await run(sides.off) });
		else {
			const off = await run(sides.off);
			measured.push({ on: await run(sides.on), off });
		}
	}
	return measured;
}

/** Prints the figures; the ratio of requests a second. */
function report(mix: Mix, measured: readonly Pair[]): number {
	console.log(`\n${mix.padEnd(24)}${row(['with', 'without', 'ratio', 'lowest', 'highest'])}`);
	const names = {
		rate: 'requests a second',
		cpu: 'CPU ms a request',
		latency: 'p97.5 ms',
	} as const;
	for (const [name, title] of Object.entries(names) as [keyof Figures, string][]) {
		const pairs = measured.map(({ on, off }) => ({ one: on[name], other: off[name] }));
		const { median: ratio, lowest, highest } = ratioOf(pairs);
		const sides = [pairs.map(({ one }) => one), pairs.map(({ other }) => other)].map(median);
		const digits = name === 'rate' ? 0 : 3;
		const cells = [
			...sides.map((value) => value.toFixed(digits)),
			...[ratio, lowest, highest].map((value) => value.toFixed(3)),
		];
		console.log(`${title.padEnd(24)}${row(cells)}`);
	}
	return ratioOf(measured.map(({ on, off }) => ({ one: on.rate, other: off.rate }))).median;
}

function row(cells: readonly string[]): string {
	return cells.map((cell) => cell.padStart(10)).join('');
}

function percent(share: number): string {
	return `${Math.round(share * 100)} %`;
}

/** Has every contract of the emulator downloaded, and takes the worker away again. */
async function fill(system: System): Promise<string[]> {
	const addresses = system.emulator.contracts
		.filter(({ chainId }) => chainId === 1)
		.map(({ address }) => address);
	const server = await system.server();
	const worker = await system.worker();
	await Promise.all(
		addresses.map(async (address) => {
			await ask(
				server.url,
				'mutation ($address: Address!) { submitContract(address: $address) { version } }',
				{
					address,
				},
			);
			for await (const _ of watch('ws', server.url, watchOne, { address })) {
				// Until it is finished.
			}
		}),
	);
	await worker.stop();
	await server.stop();
	return addresses;
}

async function openSink(mode: SinkMode): Promise<{ url: string } & AsyncDisposable> {
	const sink = startProcess('bench/telemetry/sink.ts', { SINK_MODE: mode });
	const { port } = await sink.logged(({ message }) => message === 'taking');
	return {
		url: `http://127.0.0.1:${port}`,
		async [Symbol.asyncDispose]() {
			await sink.stop();
		},
	};
}
