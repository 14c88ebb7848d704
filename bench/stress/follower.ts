import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Event {
	version: number;
	status: string;
}

/** Follows contracts to their end over as few WebSockets as the server's limit for each allows. */
export interface Follower {
	/** Its first WebSocket is open. */
	opened: Promise<void>;
	/** Resolves at the end of the stream; rejects when it was refused, cut, or not every version came in order. */
	follow(address: string, onFirst: () => void): Promise<void>;
	close(): Promise<void>;
}

// From its first event on, so that none may be missing.
const query = `subscription ($address: Address!) {
	contractStatus(address: $address, afterVersion: 0) { version status }
}`;

/** The server's limit is 200. */
const perConnection = 150;

export function openFollower(url: string): Follower {
	const opened = Promise.withResolvers<void>();
	const connections: { client: Client; streams: number }[] = [];

	function connection() {
		const free = connections.find(({ streams }) => streams < perConnection);
		if (free) return free;
		const client = createClient({
			url: `${url.replace('http', 'ws')}/graphql`,
			webSocketImpl: WebSocket,
			retryAttempts: 0,
			// It stays open while nothing is followed: to open one is no part of what is measured.
			lazy: false,
			onNonLazyError: opened.reject,
			on: { connected: () => opened.resolve() },
		});
		const added = { client, streams: 0 };
		connections.push(added);
		return added;
	}

	connection();
	return {
		opened: opened.promise,
		async follow(address, onFirst) {
			const used = connection();
			const events: Event[] = [];
			used.streams += 1;
			try {
				await new Promise<void>((resolve, reject) => {
					used.client.subscribe<{ contractStatus: Event }>(
						{ query, variables: { address } },
						{
							next({ data, errors }) {
								if (!data) return reject(new Error(JSON.stringify(errors)));
								events.push(data.contractStatus);
								if (events.length === 1) onFirst();
							},
							error: (error) => reject(new Error(`the stream ended with ${reason(error)}`)),
							complete: resolve,
						},
					);
				});
			} finally {
				used.streams -= 1;
			}
			const complaint = complaintOf(events);
			if (complaint) throw new Error(complaint);
		},
		async close() {
			await Promise.all(connections.map(({ client }) => client.dispose()));
		},
	};
}

/** What is wrong with a stream that has come to its end, or undefined. */
export function complaintOf(events: readonly Event[]): string | undefined {
	const versions = events.map(({ version }) => version);
	if (versions.some((version, index) => version !== index + 1)) {
		return `versions came as ${versions.join(', ')}`;
	}
	const last = events.at(-1)?.status;
	return last === 'SUCCESS' || last === 'ERROR' ? undefined : `the stream ended at ${last}`;
}

function reason(error: unknown): string {
	if (error instanceof Error) return error.message;
	if (Array.isArray(error)) return JSON.stringify(error);
	return `code ${(error as { code?: number }).code}`;
}
