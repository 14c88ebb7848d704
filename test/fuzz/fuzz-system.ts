import { type ConfirmChannel, connect } from 'amqplib';
import { downloadQueue } from '../../platform/rabbitmq/queues.ts';
import { all, ask, watch, watchMany } from '../harness/client.ts';
import { randomAddress, verified } from '../harness/contracts.ts';
import { inspected } from '../harness/memory.ts';
import { untilMetric } from '../harness/metrics.ts';
import type { RunningProcess } from '../harness/process.ts';
import type { ServerProcess, System, WorkerProcess } from '../harness/system.ts';
import type { Sent } from './bytes.ts';
import { inTime } from './judge.ts';
import type { Places } from './messages.ts';
import type { Known } from './values.ts';

/** A server and a worker that random things are sent to, with some contracts in them. */
export interface FuzzSystem {
	system: System;
	server: ServerProcess;
	worker: WorkerProcess;
	known: Known;
	/** What came of all that was sent, by what was told. */
	tally: Map<string, number>;
	places: Places & { channel: ConfirmChannel };
	portOf(name: Sent['port']): number;
	/** Rejects when a process is gone or has logged an error, or when somebody who does nothing odd gets no right answer. */
	isWell(): Promise<void>;
	/** Resolves when every message has been taken from the queue and ended. */
	untilDrained(): Promise<void>;
	close(): Promise<void>;
}

const settings = {
	...inspected,
	REQUESTS_PER_SECOND_PER_CLIENT: '1000000',
	// What is odd is told of at info: at debug each line of a long run would be kept.
	LOG_LEVEL: 'info',
};

const submit = `mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { status } }`;
const look = `query ($address: Address!) { contract(address: $address) { status } cachedContract(address: $address) { status } }`;

export async function openFuzzSystem(system: System): Promise<FuzzSystem> {
	const [server, worker] = await Promise.all([system.server(settings), system.worker(settings)]);
	const [bystander = '', ...contracts] = Array.from({ length: 6 }, (_, n) =>
		verified(system.emulator, `contract T${n} {}\n`, `T${n}`),
	);
	const addresses = [bystander, ...contracts];
	await ask(server.url, submit, { addresses });
	await all(watch('ws', server.url, watchMany, { addresses }));
	const model = await connect(system.vhost.url);
	const channel = await model.createConfirmChannel();

	async function isWell(): Promise<void> {
		for (const running of [server, worker]) throwIfBroken(running);
		const asked = ask<Record<string, { status: string }>>(server.url, look, { address: bystander });
		const { data, errors } = await inTime(asked, 'a bystander');
		const right = [data?.['contract'], data?.['cachedContract']].every(
			(found) => found?.status === 'SUCCESS',
		);
		if (!right || errors) throw new Error(`a bystander got ${JSON.stringify({ data, errors })}`);
	}

	return {
		system,
		server,
		worker,
		known: await knownOf(server.url, contracts),
		tally: new Map(),
		places: { channel, redis: system.redis, home: await homeOf(system) },
		portOf(name) {
			const { url, metricsUrl } = server;
			const urls = {
				public: url,
				'server metrics': metricsUrl,
				'worker metrics': worker.metricsUrl,
			};
			return Number(new URL(urls[name]).port);
		},
		isWell,
		async untilDrained() {
			await channel.waitForConfirms();
			while ((await channel.checkQueue(downloadQueue)).messageCount > 0);
			await inTime(untilMetric(worker, 'messaging_in_flight', 0), 'the queue');
		},
		close: () => model.close(),
	};
}

const looked = new WeakMap<RunningProcess, number>();

/** Each line of the log is looked at once. */
function throwIfBroken(running: RunningProcess): void {
	const from = looked.get(running) ?? 0;
	looked.set(running, running.lines.length);
	const broken = running.lines.slice(from).find(({ level }) => level === 'error');
	if (broken) throw new Error(`logged as an error: ${JSON.stringify(broken)}`);
}

/** What a client learns by asking, and what never was. */
async function knownOf(url: string, contracts: readonly string[]): Promise<Known> {
	const query = `{ contracts(first: 3) { edges { cursor node { id source { hash name mainFile { path } } } } } }`;
	interface Listed {
		contracts: {
			edges: {
				cursor: string;
				node: { id: string; source: { hash: string; name: string; mainFile: { path: string } } };
			}[];
		};
	}
	const { data } = await ask<Listed>(url, query);
	const nodes = data.contracts.edges.map(({ node }) => node);
	return {
		contracts,
		addresses: [...contracts, randomAddress(), randomAddress(), `${contracts[0]}0`, '0x12'],
		texts: [
			...data.contracts.edges.map(({ cursor }) => cursor),
			...nodes.flatMap(({ source }) => [source.hash, source.name, source.mainFile.path]),
		],
		ids: nodes.map(({ id }) => id),
	};
}

async function homeOf({ redis }: System): Promise<string> {
	return /run_id:([0-9a-f]+)/.exec(await redis.info('server'))?.[1] ?? '';
}
