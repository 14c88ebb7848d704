import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { openConnection } from './connection.ts';
import { type FollowContract, type Watched, watchContract } from './follow.ts';

const submit = gql`
	mutation Submit($address: Address!) {
		submitContract(address: $address) { id version }
	}
`;

/** Submits over HTTP, and follows over WebSocket. */
export const followByApollo: FollowContract = async (url, address, seen) => {
	const connection = openConnection(url);
	const client = new ApolloClient({
		cache: new InMemoryCache(),
		link: ApolloLink.split(
			({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
			new GraphQLWsLink(connection),
			new HttpLink({ uri: `${url}/graphql` }),
		),
	});
	await client.mutate({ mutation: submit, variables: { address } });
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	client
		.subscribe<Watched>({ query: gql(watchContract), variables: { address, afterVersion: 0 } })
		.subscribe({
			next({ data }) {
				if (data) seen(data.contractStatus.version);
			},
			error: reject,
			complete: resolve,
		});
	await promise;
	client.stop();
	await connection.dispose();
};
