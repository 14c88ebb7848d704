import { EventSource } from 'eventsource';
import { type FollowContract, type Watched, watchContract } from './follow.ts';

/** It remembers the last id, sends it as Last-Event-ID, and never gives up, all by itself. */
export const followByEventSource: FollowContract = async (url, address, seen) => {
	const variables = JSON.stringify({ address, afterVersion: 0 });
	const query = new URLSearchParams({ query: watchContract, variables });
	const source = new EventSource(`${url}/graphql?${query}`);
	source.addEventListener('next', (event) => {
		const { data } = JSON.parse(event.data) as { data: Watched };
		seen(data.contractStatus.version);
	});
	await new Promise((resolve) => source.addEventListener('complete', resolve));
	source.close();
};
