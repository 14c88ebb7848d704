import relay, { type ConcreteRequest, type GraphQLResponse } from 'relay-runtime';
import { openConnection } from './connection.ts';
import { type FollowContract, type Watched, watchContract } from './follow.ts';

const { Environment, Network, Observable, RecordSource, requestSubscription, Store } = relay;

export const followByRelay: FollowContract = async (url, address, seen) => {
	const connection = openConnection(url);
	const network = Network.create(
		() => Promise.reject(new Error('only subscriptions are followed here')),
		({ text }, variables) =>
			Observable.create<GraphQLResponse>((sink) =>
				connection.subscribe(
					{ query: text ?? '', variables },
					{
						// Relay's type of a result is narrower than the specification.
						next: (result) => sink.next(result as GraphQLResponse),
						error: (error) => sink.error(error as Error),
						complete: () => sink.complete(),
					},
				),
			),
	);
	const environment = new Environment({ network, store: new Store(new RecordSource()) });
	await new Promise<void>((resolve, reject) => {
		requestSubscription<{ variables: object; response: Watched; rawResponse?: unknown }>(
			environment,
			{
				subscription: artifact,
				variables: { address, afterVersion: 0 },
				onNext: (data) => data && seen(data.contractStatus.version),
				onError: reject,
				onCompleted: () => resolve(),
			},
		);
	});
	await connection.dispose();
};

const variable = (name: string) => ({ kind: 'Variable', name, variableName: name }) as const;
const argument = (name: string) => ({ kind: 'LocalArgument', name, defaultValue: null }) as const;
const scalar = (name: string) =>
	({ kind: 'ScalarField', name, alias: null, args: null, storageKey: null }) as const;
const argumentDefinitions = [argument('address'), argument('afterVersion')];
const selections = [
	{
		kind: 'LinkedField',
		name: 'contractStatus',
		alias: null,
		args: [variable('address'), variable('afterVersion')],
		concreteType: 'StatusEvent',
		plural: false,
		storageKey: null,
		selections: [scalar('version'), scalar('status')],
	} as const,
];

/** What relay-compiler makes of `watchContract`. */
const artifact: ConcreteRequest = {
	kind: 'Request',
	fragment: {
		kind: 'Fragment',
		name: 'Watch',
		type: 'Subscription',
		abstractKey: null,
		metadata: null,
		argumentDefinitions,
		selections,
	},
	operation: { kind: 'Operation', name: 'Watch', argumentDefinitions, selections },
	params: {
		id: null,
		cacheID: 'Watch',
		name: 'Watch',
		operationKind: 'subscription',
		metadata: {},
		text: watchContract,
	},
};
