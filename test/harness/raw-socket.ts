import { once } from 'node:events';
import WebSocket, { type ClientOptions } from 'ws';

/** What a server says in graphql-transport-ws. */
export interface Said {
	type: string;
	id?: string;
	payload?: {
		data?: Record<string, unknown> | null;
		errors?: { extensions?: { code?: string } }[];
		extensions?: { traceId?: string };
	};
}

/** A WebSocket that says what it is told to, and keeps what it hears. */
export interface RawSocket {
	socket: WebSocket;
	heard: readonly Said[];
	/** Says all of it in one burst; resolves when the kernel has taken it. */
	say(...messages: readonly object[]): Promise<void>;
	/** The first message, past or to come, that fits. */
	hear(fits: (said: Said) => boolean): Promise<Said>;
	closed: Promise<number>;
}

export const subscribe = (
	id: string,
	query: string,
	variables: Record<string, unknown> = {},
): object => ({ id, type: 'subscribe', payload: { query, variables } });

export async function openRaw(url: string, options: ClientOptions = {}): Promise<RawSocket> {
	const address = `${url.replace('http', 'ws')}/graphql`;
	const socket = new WebSocket(address, 'graphql-transport-ws', options);
	const heard: Said[] = [];
	socket.on('message', (data) => heard.push(JSON.parse(String(data)) as Said));
	socket.on('error', () => {});
	const closed = once(socket, 'close').then(([code]) => code as number);
	await once(socket, 'open');
	const raw: RawSocket = {
		socket,
		heard,
		closed,
		async say(...messages) {
			const sent = messages.map(
				(message) => new Promise((resolve) => socket.send(JSON.stringify(message), resolve)),
			);
			await Promise.all(sent);
		},
		async hear(fits) {
			for (let at = 0; ; at += 1) {
				while (at >= heard.length) await once(socket, 'message');
				const said = heard[at];
				if (said && fits(said)) return said;
			}
		},
	};
	await raw.say({ type: 'connection_init' });
	await raw.hear(({ type }) => type === 'connection_ack');
	return raw;
}
