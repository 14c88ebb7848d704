export const operationTypes = ['query', 'mutation', 'subscription'] as const;
export type OperationType = (typeof operationTypes)[number];

/**
 * The operations of this project's own documents: GraphiQL's tabs, the documents, the clients they
 * describe, and what GraphiQL itself asks. Only these names stand in metrics and traces: clients' own are without number.
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
