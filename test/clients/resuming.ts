import type { Client } from 'graphql-ws';

/** A graphql-ws client whose `contractStatus` goes on, after a lost connection, behind what was seen. */
export function resuming(client: Client): Client {
	const subscribe: Client['subscribe'] = (payload, sink) => {
		let afterVersion = payload.variables?.['afterVersion'];
		const next: typeof sink.next = (result) => {
			const data = result.data as { contractStatus?: { version: number } } | null;
			afterVersion = data?.contractStatus?.version ?? afterVersion;
			sink.next(result);
		};
		// It is read whenever the subscription is sent, so once for each connection.
		const variables = Object.defineProperty({ ...payload.variables }, 'afterVersion', {
			enumerable: true,
			get: () => afterVersion,
		});
		return client.subscribe(
			{ ...payload, variables },
			{ next, error: (error) => sink.error(error), complete: () => sink.complete() },
		);
	};
	const iterate = () => {
		throw new Error('use subscribe: this would pass it by');
	};
	return { ...client, subscribe, iterate };
}
