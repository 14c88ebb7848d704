import { createClient } from 'graphql-ws';
import type { Door } from './ask.ts';
import * as contracts from './contracts.ts';
import { type FollowOptions, follow, type StatusEvent } from './follow.ts';

export interface VerifeedOptions {
	/** Of the server, such as `http://localhost:4000`. */
	url: string;
	/** For a server that asks for keys. */
	apiKey?: string;
	/** In place of the global one. */
	fetch?: typeof fetch;
	/** A class, in place of the global one. */
	webSocket?: unknown;
}

/** All of them reject with a `VerifeedError` where the server refuses. */
export interface Verifeed {
	/** Stores a contract and queues its download; one that is there or under way is returned as it is. */
	submit(address: string, options?: contracts.SubmitOptions): Promise<contracts.Submitted>;
	/** Of each what became of it, in the order asked: one that is mistyped leaves the others alone. */
	submitMany(
		addresses: readonly string[],
		options?: contracts.SubmitOptions,
	): Promise<contracts.Submission[]>;
	/** Null for a contract that nobody has submitted. */
	get(address: string, options?: contracts.ReadOptions): Promise<contracts.Contract | null>;
	getMany(
		addresses: readonly string[],
		options?: contracts.ReadOptions,
	): Promise<(contracts.Contract | null)[]>;
	/** Every change of a contract, each once and in order, over lost connections; ends behind SUCCESS or ERROR. */
	follow(address: string, options?: FollowOptions): AsyncGenerator<StatusEvent, void, undefined>;
	/** Closes the connection of `follow`, which is open while something is followed. */
	close(): void;
}

/** Time for an answer to a ping, before the connection counts as lost. */
const patienceMs = 5_000;

export function createVerifeed({ url, apiKey, fetch, webSocket }: VerifeedOptions): Verifeed {
	const graphql = new URL('/graphql', url);
	const headers = apiKey === undefined ? {} : { 'x-api-key': apiKey };
	const door: Door = {
		url: graphql.href,
		headers,
		fetch: fetch ?? ((...request) => globalThis.fetch(...request)),
	};
	const socket = openSocket(graphql.href.replace(/^http/, 'ws'), headers, webSocket);
	return {
		submit: (address, options) => contracts.submit(door, address, options),
		submitMany: (addresses, options) => contracts.submitMany(door, addresses, options),
		get: (address, options) => contracts.get(door, address, options),
		getMany: (addresses, options) => contracts.getMany(door, addresses, options),
		follow: (address, options) => follow(socket, address, options),
		close: () => void socket.dispose(),
	};
}

/** Opened when it is needed, and again whenever it is lost. */
function openSocket(url: string, headers: Readonly<Record<string, string>>, webSocket: unknown) {
	let late: ReturnType<typeof setTimeout> | undefined;
	const socket = createClient({
		url,
		connectionParams: { ...headers },
		retryAttempts: Number.POSITIVE_INFINITY,
		shouldRetry: () => true,
		// Who goes on behind the end of a download needs it again at once.
		lazyCloseTimeout: 1_000,
		keepAlive: 15_000,
		webSocketImpl: webSocket,
		on: {
			ping(received) {
				if (!received) late = setTimeout(() => socket.terminate(), patienceMs);
			},
			pong(received) {
				if (received) clearTimeout(late);
			},
			closed: () => clearTimeout(late),
		},
	});
	return socket;
}
