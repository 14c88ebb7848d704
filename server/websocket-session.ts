import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import { WebSocket } from 'ws';
import { mayAsk } from './admission.ts';
import { keyIn } from './key-directory.ts';
import { Inbox, type Source } from './websocket-inbox.ts';
import { type Connection, runOperation, type WebSocketContext } from './websocket-operations.ts';
import { ProtocolConnection, type ProtocolSocket } from './websocket-protocol.ts';

/** Upon which clients connect again, and not at once; the protocol's own 4429 would have them give up. */
const tryAgainLater = 1013;

export interface SessionLimits {
	MAX_BODY_BYTES: number;
	MAX_OPERATIONS_PER_CONNECTION: number;
}

/** One WebSocket that speaks the protocol: whatever it says goes through its inbox, and counts for its client's rate. */
export class Session implements ProtocolSocket, Source {
	readonly #context: WebSocketContext;
	readonly #connection: Connection;
	readonly #client: WebSocket;
	readonly #socket: Duplex;
	readonly #mostBuffered: number;
	readonly #protocol: ProtocolConnection;
	readonly #inbox: Inbox;

	constructor(
		context: WebSocketContext,
		connection: Connection,
		[client, socket]: readonly [WebSocket, Duplex],
		limits: SessionLimits,
	) {
		this.#context = context;
		this.#connection = connection;
		this.#client = client;
		this.#socket = socket;
		this.#mostBuffered = limits.MAX_BODY_BYTES;
		this.#inbox = new Inbox(this, limits.MAX_OPERATIONS_PER_CONNECTION);
		this.#protocol = new ProtocolConnection(this, {
			admit: (payload) => this.#admit(payload),
			run: (exchange, payload) => runOperation(context, connection, exchange, payload),
		});
		client.on('message', (data) => this.#inbox.take(String(data)));
		client.on('ping', () => this.count());
		socket.on('drain', () => this.#inbox.goOn());
		client.once('close', () => {
			this.#inbox.end();
			this.#protocol.closed();
		});
	}

	look(text: string): Promise<void> | null {
		// Read before it left, or broke.
		if (this.#client.readyState !== WebSocket.OPEN) return null;
		const operation = this.#protocol.receive(text);
		if (operation) return operation.catch((error) => this.#fail(error));
		this.count();
		return null;
	}

	/** One message more of this client; operations count themselves. */
	count(): void {
		if (this.#connection.client.countRequest() < 0) this.#turnAway();
	}

	/** A page cannot send headers with a WebSocket, so its key comes with the first message. */
	#admit(payload: Record<string, unknown> = {}): boolean | Promise<boolean> {
		const { clients } = this.#context;
		const entries = Object.entries(payload).map(([name, value]) => [name.toLowerCase(), value]);
		const key = keyIn(Object.fromEntries(entries));
		if (key === null) return mayAsk(this.#context, this.#connection.client);
		return Promise.resolve(clients.holding(key)).then((holder) => {
			if (holder) this.#connection.client = holder;
			return holder !== null;
		});
	}

	send(text: string, sent?: () => void): void {
		// One that cannot be sent to is closed next, which ends what it has open.
		if (this.#client.readyState === WebSocket.OPEN) this.#client.send(text, sent);
		else sent?.();
	}

	close(code: number, reason: string): void {
		this.#inbox.end();
		this.#client.close(code, reason);
	}

	pause(): void {
		this.#client.pause();
	}

	resume(): void {
		this.#client.resume();
	}

	get isFull(): boolean {
		return this.#client.bufferedAmount > this.#mostBuffered && this.#socket.writableNeedDrain;
	}

	#turnAway(): void {
		if (this.#client.readyState !== WebSocket.OPEN) return;
		this.#context.emit({ type: 'graphql.rejected', reason: 'rate_limit' });
		this.close(tryAgainLater, 'Too many messages from this address; try again in a second.');
	}

	#fail(error: unknown): void {
		this.#context.emit({ type: 'request.failed', error, operation: '/graphql' });
		this.close(CloseCode.InternalServerError, 'Internal server error');
	}
}
