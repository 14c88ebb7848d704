import { setTimeout } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import { type FollowContract, type Watched, watchContract } from './follow.ts';

export const followByGraphqlSse: FollowContract = async (url, address, seen) => {
	const client = createClient({
		url: `${url}/graphql`,
		retryAttempts: Infinity,
		retry: () => setTimeout(100),
	});
	let last = 0;
	const variables = {
		address,
		// It is read whenever the subscription is sent, so once for each connection.
		get afterVersion() {
			return last;
		},
	};
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	client.subscribe<Watched>(
		{ query: watchContract, variables },
		{
			next({ data }) {
				if (!data) return;
				last = data.contractStatus.version;
				seen(last);
			},
			error: reject,
			complete: resolve,
		},
	);
	await promise;
	client.dispose();
};
