import {
	type Channel,
	type ChannelModel,
	type ConfirmChannel,
	connect,
	type Options,
} from 'amqplib';
import type { BrokerRole, Emit } from '../../domain/telemetry.ts';
import { patience, pause } from '../../domain/wait.ts';
import { eachHost, hostAndPort } from '../hosts.ts';
import { declareQueues } from './queues.ts';

/** Makes a channel useful, such as by consuming on it. Called anew for every channel. */
type SetUp<C extends Channel> = (channel: C) => Promise<void>;

/** A channel that is opened again whenever it or its connection is lost. */
interface StandingChannel<C extends Channel> {
	/** Null while there is none. */
	readonly current: C | null;
}

export interface Broker {
	isConnected(): boolean;
	/** False as well while the broker has an alarm and holds publishers back. */
	takesMessages(): boolean;
	confirmChannel(setUp: SetUp<ConfirmChannel>): Promise<StandingChannel<ConfirmChannel>>;
	channel(setUp: SetUp<Channel>): Promise<StandingChannel<Channel>>;
	/** Lends a channel for one piece of work and closes it; rejects while there is no connection. */
	work<T>(use: (channel: ConfirmChannel) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

type Role = (model: ChannelModel) => Promise<void>;

/**
 * Connects to the first of the URL's hosts that can be used and stays connected, to another one when it is lost;
 * goes on without a broker after a while, should none be there.
 */
export async function openBroker(url: string, emit: Emit, use: BrokerRole): Promise<Broker> {
	const roles: Role[] = [];
	let model: ChannelModel | null = null;
	let blocked = false;
	let reported: 'up' | 'down' | null = null;
	const closed = new AbortController();

	async function setUp(fresh: ChannelModel): Promise<void> {
		// The library listens only after this function has ended: an error before that would be nobody's.
		let gone = false;
		fresh.on('error', () => {});
		fresh.once('close', () => {
			gone = true;
		});
		// An alarm of the broker: it takes nothing until it is over.
		fresh.on('blocked', () => {
			blocked = true;
		});
		fresh.on('unblocked', () => {
			blocked = false;
		});
		await declareQueues(fresh);
		// A role that is added meanwhile has its turn too.
		for (const role of roles) await role(fresh);
		if (gone) throw new Error('the connection was lost while it was set up');
		blocked = false;
		model = fresh;
	}

	const address = brokerAddress(url);
	const connection = await connect(address.at, {
		timeout: 5_000,
		recovery: { waitForConnect: false, initialDelay: 100, maxDelay: 2_000, setup: setUp },
	});
	/** Attempts since the last connection: where there are several hosts, one alone says nothing. */
	let failed = 0;
	const up = () => {
		failed = 0;
		if (reported !== 'up')
			emit({
				type: 'rabbitmq.connection',
				role: use,
				state: reported === null ? 'first' : 'again',
			});
		reported = 'up';
	};
	const down = (error: Error) => {
		model = null;
		address.next();
		if (reported !== 'down' && !closed.signal.aborted)
			emit({ type: 'rabbitmq.connection', role: use, state: 'down', error });
		reported = 'down';
	};
	const refused = (error: Error) => {
		failed += 1;
		if (failed < address.hosts) address.next();
		else down(error);
	};
	connection.on('connect', up);
	connection.on('disconnect', down);
	connection.on('connect-failed', refused);
	connection.on('error', () => {
		// A disconnect follows, and is reported.
	});
	const first = connection.waitForConnect().then(
		() => {},
		() => {},
	);
	await patience(first, 5_000, closed.signal);

	async function standing<C extends Channel>(
		open: (model: ChannelModel) => Promise<C>,
		setUpChannel: SetUp<C>,
	): Promise<StandingChannel<C>> {
		const channel: { current: C | null } = { current: null };
		let on: ChannelModel | null = null;

		const role: Role = async (fresh) => {
			// A connection that came up just now may be given to this role twice.
			if (on === fresh && channel.current) return;
			on = fresh;
			const opened = await open(fresh);
			opened.on('error', (error) => emit({ type: 'message.unreadable', where: 'queue', error }));
			await setUpChannel(opened);
			channel.current = opened;
			opened.once('close', () => {
				channel.current = null;
				void again(fresh);
			});
		};
		/** The channel alone was lost, with its queue perhaps; a new connection opens all anew. */
		async function again(lost: ChannelModel): Promise<void> {
			for (;;) {
				await pause(1_000, closed.signal);
				if (model !== lost || channel.current || closed.signal.aborted) return;
				try {
					await declareQueues(lost);
					return await role(lost);
				} catch (error) {
					emit({ type: 'message.unreadable', where: 'queue', error });
				}
			}
		}
		roles.push(role);
		const now = model;
		// Should it be lost at this moment, the next connection opens the channel.
		if (now) await role(now).catch(() => void again(now));
		return channel;
	}

	return {
		isConnected: () => model !== null,
		takesMessages: () => model !== null && !blocked,
		confirmChannel: (setUpChannel) => standing((on) => on.createConfirmChannel(), setUpChannel),
		channel: (setUpChannel) => standing((on) => on.createChannel(), setUpChannel),
		async work(use) {
			if (!model) throw new Error('RabbitMQ is not connected');
			const channel = await model.createConfirmChannel();
			channel.on('error', () => {});
			try {
				return await use(channel);
			} finally {
				await channel.close().catch(() => {});
			}
		},
		async close() {
			closed.abort();
			await connection.close();
		},
	};
}

/** Where the broker is: for `connect`, which looks at it anew at each attempt. */
interface BrokerAddress {
	at: Options.Connect;
	hosts: number;
	/** The host in use is no good: the next attempt goes to the one after it, and round again. */
	next(): void;
}

/** Starts with the first host. A dead peer is noticed within seconds, unless the URL says otherwise. */
export function brokerAddress(text: string): BrokerAddress {
	const urls = eachHost(text).map((one) => new URL(one));
	const [first = new URL(text)] = urls;
	const { protocol, username, password, pathname, searchParams } = first;
	const standard = protocol === 'amqps:' ? 5671 : 5672;
	let index = 0;
	const host = () => hostAndPort(urls[index] ?? first, standard);
	const number = (name: string) => {
		const value = searchParams.get(name);
		return value === null ? {} : { [name]: Number(value) };
	};
	const locale = searchParams.get('locale');
	return {
		hosts: urls.length,
		at: {
			protocol: protocol.slice(0, -1),
			get hostname() {
				return host().host;
			},
			get port() {
				return host().port;
			},
			// Without both, the library takes the broker's own defaults.
			...(username || password
				? { username: decodeURIComponent(username), password: decodeURIComponent(password) }
				: {}),
			vhost: pathname.slice(1),
			heartbeat: 10,
			...(locale === null ? {} : { locale }),
			...number('heartbeat'),
			...number('channelMax'),
			...number('frameMax'),
			...number('maxFrameSize'),
		},
		next() {
			index = (index + 1) % urls.length;
		},
	};
}
