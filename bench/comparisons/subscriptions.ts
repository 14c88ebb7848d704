import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'graphql-ws';
import { openWs } from '../../test/harness/client.ts';
import { randomAddress } from '../../test/harness/contracts.ts';
import { inspected, memoryOf } from '../../test/harness/memory.ts';
import { startProcess } from '../../test/harness/process.ts';
import type { ServerProcess } from '../../test/harness/system.ts';
import type { Bench } from '../bench.ts';
import { type Figure, figureOf, type Sample } from '../report/figure.ts';
import { cpuMs } from '../wrk/wrk.ts';

const perConnection = 100;
const query =
	'subscription ($address: Address!) { contractStatus(address: $address) { version status } }';

/** What an idle `contractStatus` costs: heap after a collection (through the inspector), and processor time. */
export async function compareSubscriptions(bench: Bench): Promise<Figure[]> {
	const { extent, say, signal } = bench;
	const count = extent.quick ? 1_000 : 5_000;
	say(`${count} idle subscriptions: Verifeed, graphql-ws`);
	const sides = [
		{ name: 'Verifeed', start: () => startOurs(bench), idle: [] as Idle[] },
		{ name: 'graphql-ws', start: () => startPlain(bench), idle: [] as Idle[] },
	];
	for (let n = 0; n < (extent.quick ? 1 : 3); n += 1) {
		for (const side of n % 2 === 0 ? sides : sides.toReversed()) {
			signal.throwIfAborted();
			side.idle.push(await idleOf(await side.start(), count));
		}
	}
	const of = (value: (idle: Idle) => number) =>
		sides.map(({ name, idle }) => ({
			name,
			samples: idle.map((one): Sample => ({ value: value(one), cpu: null })),
		}));
	const common = { comparison: 'subscriptions', better: 'lower' } as const;
	const title = `idle contractStatus, ${count} of them`;
	return [
		figureOf(
			{ ...common, title: `${title}: heap of each`, unit: 'KB' },
			of(({ bytes }) => bytes / 1_000),
		),
		figureOf(
			{ ...common, title: `${title}: processor`, unit: '% of a core' },
			of(({ share }) => share * 100),
		),
	];
}

interface Idle {
	/** Of one subscription with its share of a connection. */
	bytes: number;
	/** Of one core. */
	share: number;
}

async function startOurs(bench: Bench): Promise<ServerProcess> {
	const url = await bench.sinkUrl();
	const telemetry = { LOKI_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url };
	return (await bench.system()).server({ ...telemetry, ...inspected });
}

async function startPlain({ stack }: Bench): Promise<ServerProcess> {
	const env = { NODE_ENV: 'production', ...inspected };
	const running = startProcess('bench/peers/subscriptions.mjs', env);
	stack.defer(async () => {
		await running.stop();
	});
	const { port } = await running.logged(({ message }) => message === 'ready');
	const url = `http://127.0.0.1:${port}`;
	return Object.assign(running, { url, metricsUrl: url });
}

async function idleOf(server: ServerProcess, count: number): Promise<Idle> {
	try {
		// So that what is loaded and compiled once does not count.
		await closeAll((await subscribe(server.url, perConnection)).clients);
		await sleep(500);
		const before = await memoryOf(server);
		const { clients, check } = await subscribe(server.url, count);
		await sleep(1_000);
		const after = await memoryOf(server);
		const [used, started] = [cpuMs(server.pid), performance.now()];
		await sleep(3_000);
		// The kernel counts in hundredths of a second: none at all would be no number to compare with.
		const share = Math.max(10, cpuMs(server.pid) - used) / (performance.now() - started);
		check();
		await closeAll(clients);
		return { bytes: (after.used - before.used) / count, share };
	} finally {
		await server.stop();
	}
}

/** Of addresses that nobody has submitted: nothing is sent, and `check` throws where something was. */
async function subscribe(url: string, count: number) {
	const clients: Client[] = [];
	const wrong: string[] = [];
	for (let n = 0; n < count; n += perConnection) {
		const client = openWs(url);
		clients.push(client);
		for (let one = 0; one < perConnection; one += 1) {
			const unexpected = (what: string) => () => wrong.push(what);
			client.subscribe(
				{ query, variables: { address: randomAddress() } },
				{
					next: unexpected('one sent something'),
					error: unexpected('one was refused'),
					complete: unexpected('one was completed'),
				},
			);
		}
		// One connection takes its messages in order: the answer says that it has taken them all.
		for await (const _ of client.iterate({ query: '{ __typename }' })) break;
	}
	const check = () => {
		if (wrong.length > 0)
			throw new Error(`of idle subscriptions ${wrong.length} were not: ${wrong[0]}`);
	};
	return { clients, check };
}

async function closeAll(clients: readonly Client[]): Promise<void> {
	await Promise.all(clients.map((client) => client.dispose()));
}
