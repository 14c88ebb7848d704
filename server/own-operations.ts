export const operationTypes = ['query', 'mutation', 'subscription'] as const;
export type OperationType = (typeof operationTypes)[number];

/**
 * The operations of this project's own documents: GraphiQL's tabs, README, the clients it describes, and what GraphiQL itself
 * asks. Only their
 * names are told in metrics and traces; any other name is a stranger's, and there is no end to those.
 */
export const ownOperations: Readonly<Record<string, OperationType>> = {
	Submit: 'mutation',
	SubmitMany: 'mutation',
	Watch: 'subscription',
	WatchMany: 'subscription',
	Read: 'query',
	ReadCached: 'query',
	List: 'query',
	ById: 'query',
	Chains: 'query',
	IntrospectionQuery: 'query',
};
