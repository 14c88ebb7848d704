import { CloseCode, MessageType, parseMessage, type SubscribePayload } from 'graphql-ws';
import type { OpenStream } from './subscription.ts';

/** What the protocol needs of a WebSocket. */
export interface ProtocolSocket {
	/** `sent` is called when it has gone to the kernel, or nowhere any more. */
	send(text: string, sent?: () => void): void;
	close(code: number, reason: string): void;
}

interface ProtocolHooks {
	/** Whether its client may go on, by the payload of `connection_init`. */
	admit(payload: Record<string, unknown> | undefined): boolean | Promise<boolean>;
	run(exchange: Exchange, payload: SubscribePayload): Promise<void>;
}

/** As graphql-ws has it. */
const initWaitMs = 3_000;
/** Characters of a ping or pong, which is sent back or for nothing. */
const longestPing = 1_024;

/**
 * The server's side of `graphql-transport-ws` on one connection, in its words and codes. graphql-ws has one as well,
 * which keeps a dozen closures, a generator and the text of its message for every idle subscription.
 */
export class ProtocolConnection {
	readonly socket: ProtocolSocket;
	readonly #hooks: ProtocolHooks;
	readonly #exchanges = new Map<string, Exchange>();
	#initialised = false;
	#acknowledged = false;
	#initTimer: NodeJS.Timeout | undefined;

	constructor(socket: ProtocolSocket, hooks: ProtocolHooks) {
		this.socket = socket;
		this.#hooks = hooks;
		this.#initTimer = setTimeout(
			() =>
				socket.close(
					CloseCode.ConnectionInitialisationTimeout,
					'Connection initialisation timeout',
				),
			initWaitMs,
		);
	}

	/** Of an operation: until it is answered, or its stream is open. Rejects where it, or what it runs, has a fault. */
	receive(text: string): Promise<void> | null {
		const message = messageIn(text);
		if (!message) return this.#refuse('Invalid message received');
		switch (message.type) {
			case MessageType.ConnectionInit:
				return this.#initialise(message.payload);
			case MessageType.Ping:
				if (text.length > longestPing) return this.#refuse('Ping is too long');
				this.#send({ type: MessageType.Pong, payload: message.payload || undefined });
				return null;
			case MessageType.Pong:
				return text.length > longestPing ? this.#refuse('Pong is too long') : null;
			case MessageType.Subscribe:
				return this.#begin(message.id, message.payload);
			case MessageType.Complete:
				this.#leave(message.id);
				return null;
			default:
				return Promise.reject(new Error(`Unexpected message of type ${message.type} received`));
		}
	}

	/** Nobody waits for anything any more. */
	closed(): void {
		clearTimeout(this.#initTimer);
		for (const exchange of this.#exchanges.values()) exchange.stream?.end();
		this.#exchanges.clear();
	}

	isOpen(exchange: Exchange): boolean {
		return this.#exchanges.get(exchange.id) === exchange;
	}

	end(exchange: Exchange): void {
		if (this.isOpen(exchange)) this.#exchanges.delete(exchange.id);
	}

	#refuse(reason: string): null {
		this.socket.close(CloseCode.BadRequest, reason);
		return null;
	}

	#initialise(payload?: Record<string, unknown>): Promise<void> | null {
		clearTimeout(this.#initTimer);
		this.#initTimer = undefined;
		if (this.#initialised) {
			const { TooManyInitialisationRequests: tooMany } = CloseCode;
			this.socket.close(tooMany, 'Too many initialisation requests');
			return null;
		}
		this.#initialised = true;
		const admitted = this.#hooks.admit(payload);
		if (typeof admitted !== 'boolean') return admitted.then((is) => this.#acknowledge(is));
		this.#acknowledge(admitted);
		return null;
	}

	#acknowledge(isAdmitted: boolean): void {
		this.#acknowledged = isAdmitted;
		if (isAdmitted) this.#send({ type: MessageType.ConnectionAck });
		else this.socket.close(CloseCode.Forbidden, 'Forbidden');
	}

	async #begin(id: string, payload: SubscribePayload): Promise<void> {
		if (!this.#acknowledged) return this.socket.close(CloseCode.Unauthorized, 'Unauthorized');
		if (this.#exchanges.has(id)) {
			const reason = `Subscriber for ${id} already exists`;
			return this.socket.close(CloseCode.SubscriberAlreadyExists, reason);
		}
		const exchange = new Exchange(this, id);
		this.#exchanges.set(id, exchange);
		try {
			await this.#hooks.run(exchange, payload);
		} finally {
			if (!exchange.stream) this.end(exchange);
		}
	}

	#leave(id: string): void {
		const exchange = this.#exchanges.get(id);
		this.#exchanges.delete(id);
		exchange?.stream?.end();
	}

	#send(message: object): void {
		this.socket.send(JSON.stringify(message));
	}
}

/** One operation of a connection, by the id that its client gave it; over once it is complete or its client has left. */
export class Exchange {
	readonly id: string;
	readonly #connection: ProtocolConnection;
	/** Set for an operation that goes on; ended when its client leaves. */
	stream: OpenStream | null = null;

	constructor(connection: ProtocolConnection, id: string) {
		this.#connection = connection;
		this.id = id;
	}

	/** Somebody waits for what comes. */
	get isOpen(): boolean {
		return this.#connection.isOpen(this);
	}

	/** Only while it is open: its id may be that of another by then. */
	next(payload: object, sent?: () => void): void {
		this.#send({ id: this.id, type: MessageType.Next, payload }, sent);
	}

	/** It ends with these, and without `complete`. */
	fail(payload: readonly object[]): void {
		if (this.isOpen) this.#send({ id: this.id, type: MessageType.Error, payload });
		this.#connection.end(this);
	}

	complete(sent?: () => void): void {
		if (this.isOpen) this.#send({ id: this.id, type: MessageType.Complete }, sent);
		else sent?.();
		this.#connection.end(this);
	}

	#send(message: object, sent?: () => void): void {
		this.#connection.socket.send(JSON.stringify(message), sent);
	}
}

/** Null for what is none. */
function messageIn(text: string) {
	try {
		return parseMessage(text);
	} catch {
		return null;
	}
}
