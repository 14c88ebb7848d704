import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import type { Reporter } from '../../domain/reporter.ts';
import { pause } from '../../domain/wait.ts';
import { declareQueues } from './queues.ts';

/** Makes a channel useful, such as by consuming on it. Called anew for every channel. */
export type SetUp<C extends Channel> = (channel: C) => Promise<void>;

/** A channel that is opened again whenever it or its connection is lost. */
export interface StandingChannel<C extends Channel> {
	/** Null while there is none. */
	readonly current: C | null;
}

export interface Broker {
	isConnected(): boolean;
	confirmChannel(setUp: SetUp<ConfirmChannel>): Promise<StandingChannel<ConfirmChannel>>;
	channel(setUp: SetUp<Channel>): Promise<StandingChannel<Channel>>;
	close(): Promise<void>;
}

type Role = (model: ChannelModel) => Promise<void>;

/** Connects and stays connected; goes on without a broker after a while, should it be away. */
export async function openBroker(url: string, reporter: Reporter): Promise<Broker> {
	const roles: Role[] = [];
	let model: ChannelModel | null = null;
	let told: 'up' | 'down' | null = null;
	const closed = new AbortController();

	const connection = await connect(withHeartbeat(url), {
		timeout: 5_000,
		recovery: {
			waitForConnect: false,
			initialDelay: 100,
			maxDelay: 2_000,
			async setup(fresh: ChannelModel) {
				await declareQueues(fresh);
				model = fresh;
				for (const role of roles) await role(fresh);
			},
		},
	});
	const up = () => {
		if (told === 'down') reporter.connection('rabbitmq', 'up');
		told = 'up';
	};
	const down = (error: Error) => {
		model = null;
		if (told !== 'down' && !closed.signal.aborted) reporter.connection('rabbitmq', 'down', error);
		told = 'down';
	};
	connection.on('connect', up);
	connection.on('disconnect', down);
	connection.on('connect-failed', down);
	connection.on('error', () => {
		// A disconnect follows, and tells of it.
	});
	const first = connection.waitForConnect().then(
		() => {},
		() => {},
	);
	await Promise.race([first, pause(5_000, closed.signal)]);

	async function standing<C extends Channel>(
		open: (model: ChannelModel) => Promise<C>,
		setUp: SetUp<C>,
	): Promise<StandingChannel<C>> {
		const channel: { current: C | null } = { current: null };
		const role: Role = async (on) => {
			const opened = await open(on);
			opened.on('error', (error) => reporter.connection('rabbitmq', 'down', error));
			opened.on('close', () => {
				channel.current = null;
				void again(on);
			});
			await setUp(opened);
			channel.current = opened;
		};
		/** The channel alone was lost; with the connection lost, `setup` opens all anew. */
		async function again(on: ChannelModel): Promise<void> {
			await pause(1_000, closed.signal);
			if (model !== on || closed.signal.aborted) return;
			await role(on).catch(() => again(on));
		}
		roles.push(role);
		if (model) await role(model);
		return channel;
	}

	return {
		isConnected: () => model !== null,
		confirmChannel: (setUp) => standing((on) => on.createConfirmChannel(), setUp),
		channel: (setUp) => standing((on) => on.createChannel(), setUp),
		async close() {
			closed.abort();
			await connection.close();
		},
	};
}

/** A dead peer is noticed within seconds, unless the URL says otherwise. */
function withHeartbeat(text: string): string {
	const url = new URL(text);
	if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', '10');
	return url.href;
}
