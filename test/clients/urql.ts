import { Client, type ExecutionResult, subscriptionExchange } from '@urql/core';
import { openConnection } from './connection.ts';
import { type FollowContract, type Watched, watchContract } from './follow.ts';

export const followByUrql: FollowContract = async (url, address, seen) => {
	const connection = openConnection(url);
	const client = new Client({
		url: `${url}/graphql`,
		exchanges: [
			subscriptionExchange({
				forwardSubscription: ({ query = '', variables = {} }) => ({
					subscribe: ({ next, error, complete }) => ({
						unsubscribe: connection.subscribe(
							{ query, variables },
							// urql's type of a result wants what this one may leave out.
							{ next: (result) => next(result as ExecutionResult), error, complete },
						),
					}),
				}),
			}),
		],
	});
	await new Promise<void>((resolve, reject) => {
		client
			.subscription<Watched>(watchContract, { address, afterVersion: 0 })
			.subscribe(({ data, error, hasNext }) => {
				if (error) reject(error);
				// The end is marked by the last result, once more.
				else if (!hasNext) resolve();
				else if (data) seen(data.contractStatus.version);
			});
	});
	await connection.dispose();
};
