import { setTimeout } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { resuming } from './resuming.ts';

/** The WebSocket that most clients stand on: it never gives up, and goes on where it was. */
export function openConnection(url: string): Client {
	return resuming(
		createClient({
			url: `${url.replace('http', 'ws')}/graphql`,
			webSocketImpl: WebSocket,
			// Also while nobody listens there; what is wrong for good is never tried again.
			shouldRetry: () => true,
			retryAttempts: Infinity,
			retryWait: () => setTimeout(100),
		}),
	);
}
