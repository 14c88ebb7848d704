import type { Client } from 'graphql-ws';
import { type GraphQlError, VerifeedError } from './ask.ts';
import { documents, type FollowSubscription } from './operations.ts';

/** A change of a contract's status. */
export type StatusEvent = FollowSubscription['contractStatus'];

export interface FollowOptions {
	/** Ethereum, 1, when not given. */
	chainId?: number;
	/** The last version that was seen; without it the newest event comes first. */
	afterVersion?: number;
	/** Go on behind SUCCESS and ERROR: whoever has the contract downloaded again, its events come too. */
	onwards?: boolean;
	signal?: AbortSignal;
}

/**
 * Every change of a contract, each once and in order, over lost connections and servers that stop. Ends behind SUCCESS or
 * ERROR, unless it is to go on, and when the signal fires. Throws a `VerifeedError` where the server refuses.
 */
export async function* follow(
	client: Client,
	address: string,
	{ chainId = 1, afterVersion, onwards = false, signal }: FollowOptions = {},
): AsyncGenerator<StatusEvent, void, undefined> {
	let last = afterVersion ?? null;
	const variables = {
		address,
		chainId,
		// It is read whenever the subscription is sent, so once for each connection.
		get afterVersion() {
			return last;
		},
	};
	do {
		for await (const event of results(client, variables, signal)) {
			last = event.version;
			yield event;
		}
	} while (onwards && !signal?.aborted);
}

/** The events of one subscription, until it is complete. */
async function* results(
	client: Client,
	variables: Record<string, unknown>,
	signal: AbortSignal | undefined,
): AsyncGenerator<StatusEvent, void, undefined> {
	if (signal?.aborted) return;
	const events = client.iterate<FollowSubscription>({ query: documents.Follow, variables });
	const end = () => void events.return?.();
	signal?.addEventListener('abort', end, { once: true });
	try {
		for await (const { data, errors } of events) {
			const [first] = errors ?? [];
			if (first) throw new VerifeedError(first as GraphQlError);
			if (data) yield data.contractStatus;
		}
	} catch (error) {
		if (signal?.aborted) return;
		// The protocol refuses an operation with a list of errors.
		throw Array.isArray(error) ? new VerifeedError(error[0] as GraphQlError) : error;
	} finally {
		signal?.removeEventListener('abort', end);
	}
}
