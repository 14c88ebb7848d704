import {
	type DocumentNode,
	type ExecutionResult,
	type FormattedExecutionResult,
	GraphQLError,
	getOperationAST,
} from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { WebSocket } from 'ws';
import type { Follow } from '../domain/follow.ts';
import type { GraphQlMetrics } from '../platform/metrics/graphql.ts';
import type { DeliveryMetrics } from '../platform/metrics/subscriptions.ts';
import { newRequestTrace } from '../platform/telemetry/tracing/request.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import { withCode, withTrace } from './failures.ts';
import type { GraphQlServer } from './graphql.ts';
import { newOperation, type Operation } from './operation.ts';
import type { Admit } from './rates.ts';
import { trackStreams, unlimited } from './streams.ts';

type Execute = Extract<ServerOptions['execute'], (...args: never) => unknown>;

/** The executor that belongs to one operation travels with it, as its root value. */
interface Root {
	execute: Execute;
	subscribe: Execute;
	operation: Operation;
	delivery: Delivery;
	isStream: boolean;
	/** Nothing has been sent of it yet. */
	isFirst: boolean;
}

export interface OperationTelling {
	graphql: GraphQlMetrics;
	deliveries: DeliveryMetrics;
}

type Options = ServerOptions<Record<string, unknown>, Extra>;
type Hooks = 'execute' | 'subscribe' | 'onSubscribe' | 'onOperation' | 'onNext';

/** Runs each operation of a WebSocket as those over HTTP are run, and tells of it; `followOf` is its connection's. */
export function operationHooks(
	graphql: GraphQlServer,
	followOf: (socket: WebSocket) => Follow,
	admit: Admit,
	telling: OperationTelling,
): Pick<Options, Hooks> {
	async function begin(
		operation: Operation,
		{ request, socket }: Extra,
		params: Parameters<NonNullable<Options['onSubscribe']>>[2],
	) {
		if (!(await admit(request))) {
			operation.turnAway();
			return [tooFast(operation.trace.traceId)];
		}
		const delivery = newDelivery(telling.deliveries, operation, 'ws');
		const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({
			req: request,
			socket,
			params,
			follow: trackStreams(followOf(socket), unlimited, delivery.onlooker).follow,
			operation,
		});
		const document = readDocument(params, {
			parse,
			validate: (read) => validate(schema, read),
		});
		if (Array.isArray(document)) return refused(operation, document);
		const rootValue: Root = {
			...{ execute, subscribe, operation, delivery },
			...{ isStream: false, isFirst: true },
		};
		return {
			schema,
			operationName: params.operationName ?? null,
			document,
			variableValues: params.variables ?? null,
			contextValue: await contextFactory(),
			rootValue,
		};
	}

	return {
		execute(args) {
			const { operation, execute } = rootOf(args.rootValue);
			return orFail(operation, () => execute(args));
		},
		subscribe(args) {
			const { operation, subscribe } = rootOf(args.rootValue);
			return orFail(operation, () => subscribe(args));
		},
		onSubscribe({ extra }, _id, params) {
			const operation = newOperation(telling.graphql, newRequestTrace(), {
				transport: 'ws',
				method: 'GET',
				clientTrace: extra.request.headers['traceparent'],
			});
			return orFail(operation, () => begin(operation, extra, params));
		},
		onOperation({ subscriptions }, id, _payload, args, result) {
			const root = rootOf(args.rootValue);
			const { operation } = root;
			// It has been waited for.
			if ('then' in result) return;
			root.isStream = isAsyncIterable(result);
			if (!isAsyncIterable(result)) operation.note(result.errors);
			operation.end(id in subscriptions ? 'answered' : 'cancelled');
		},
		onNext(_context, _id, _payload, args, result) {
			const root = rootOf(args.rootValue);
			if (root.isStream) root.delivery.handed(result);
			if (!root.isFirst) return;
			root.isFirst = false;
			return namingTrace(result, root.operation.trace.traceId);
		},
	};
}

/** What is thrown here is a fault of ours: the operation is over, and the library closes its connection with 4500. */
async function orFail<T>(operation: Operation, work: () => T | Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		operation.note([{ message: '', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
		operation.end('answered');
		throw error;
	}
}

/**
 * The document that is to be run, or what is wrong with it: that is the client's mistake, and no reason to close
 * its connection. Limits are thrown, from the parser or the validator, and rules are returned.
 */
function readDocument(
	{ query, operationName }: { query: string; operationName?: string | null | undefined },
	by: {
		parse(text: string): DocumentNode;
		validate(document: DocumentNode): readonly GraphQLError[];
	},
): DocumentNode | GraphQLError[] {
	try {
		const document = by.parse(query);
		const errors = by.validate(document);
		if (errors.length > 0) return [...errors];
		if (getOperationAST(document, operationName)) return document;
		const extensions = { code: 'OPERATION_RESOLUTION_FAILURE' };
		return [new GraphQLError('Unable to identify operation', { extensions })];
	} catch (error) {
		if (error instanceof GraphQLError) return [error];
		throw error;
	}
}

/** Set above, in `begin`, for every operation; graphql-ws types it as anything. */
function rootOf(value: unknown): Root {
	return value as Root;
}

/** As graphql-ws has it: what is absent may be undefined as well. */
type Loosely<T> = { [K in keyof T]: T[K] | undefined };

/** A result as it is written, with the id of its trace: over WebSocket there is no header for it. */
function namingTrace(
	{ data, errors, extensions }: Loosely<ExecutionResult>,
	traceId: string,
): FormattedExecutionResult {
	return {
		...(errors && { errors: errors.map((error) => error.toJSON()) }),
		...(data !== undefined && { data }),
		extensions: { ...extensions, traceId },
	};
}

/** Tells of an operation that cannot be run, and its client why. */
function refused(operation: Operation, errors: readonly GraphQLError[]): GraphQLError[] {
	const coded = errors.map(withCode);
	operation.note(coded);
	operation.end('answered');
	return coded.map((error) => withTrace(error, operation.trace.traceId));
}

function tooFast(traceId: string): GraphQLError {
	return new GraphQLError('Too many requests from this address; try again in a second.', {
		extensions: { code: 'TOO_MANY_REQUESTS', traceId },
	});
}
