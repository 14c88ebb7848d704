import { type Client, createClient } from 'graphql-ws';
import { type GraphQlError, Refused, Unreachable } from './ask.ts';
import type { TypedDocumentString } from './documents.ts';
import { noteReach } from './reach.ts';

/** Time for an answer to our ping, before the connection counts as lost. */
const patienceMs = 5_000;

let client: Client | null = null;

function open(): Client {
	let late: ReturnType<typeof setTimeout> | undefined;
	const opened = createClient({
		url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
		// Who subscribes tries again, behind the last version that it saw.
		retryAttempts: 0,
		connectionAckWaitTimeout: 10_000,
		// Who goes on behind the end of a download needs it again at once.
		lazyCloseTimeout: 1_000,
		keepAlive: 15_000,
		on: {
			connected: () => noteReach('socket', true),
			ping(received) {
				if (!received) late = setTimeout(() => opened.terminate(), patienceMs);
			},
			pong(received) {
				if (received) clearTimeout(late);
			},
			closed(event) {
				clearTimeout(late);
				// Normally it closes when nobody follows anything.
				noteReach('socket', (event as CloseEvent).code === 1000);
			},
		},
	});
	addEventListener('offline', () => opened.terminate());
	return opened;
}

/** One subscription until it completes, or the signal ends it. Throws `Refused`, or `Unreachable` when the connection is lost. */
export async function* subscribe<T, V>(
	document: TypedDocumentString<T, V>,
	variables: V & Record<string, unknown>,
	signal: AbortSignal,
): AsyncGenerator<T> {
	if (signal.aborted) return;
	client ??= open();
	const results = client.iterate<T>({ query: document.toString(), variables });
	const end = () => void results.return?.();
	signal.addEventListener('abort', end, { once: true });
	try {
		for await (const { data, errors } of results) {
			const [first] = errors ?? [];
			if (first) throw new Refused(first as GraphQlError);
			if (data) yield data;
		}
	} catch (error) {
		if (signal.aborted) return;
		throw asFailure(error);
	} finally {
		signal.removeEventListener('abort', end);
	}
}

function asFailure(error: unknown): Error {
	if (error instanceof Refused) return error;
	// The protocol refuses an operation with a list of errors.
	if (Array.isArray(error) && error[0]) return new Refused(error[0] as GraphQlError);
	noteReach('socket', false);
	return new Unreachable('the connection is lost', { cause: error });
}
