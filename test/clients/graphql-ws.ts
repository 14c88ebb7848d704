import { openConnection } from './connection.ts';
import { type FollowContract, type Watched, watchContract } from './follow.ts';

export const followByGraphqlWs: FollowContract = async (url, address, seen) => {
	const client = openConnection(url);
	const variables = { address, afterVersion: 0 };
	await new Promise<void>((resolve, reject) => {
		client.subscribe<Watched>(
			{ query: watchContract, variables },
			{
				next: ({ data }) => data && seen(data.contractStatus.version),
				error: reject,
				complete: resolve,
			},
		);
	});
	await client.dispose();
};
