import type { IncomingMessage } from 'node:http';
import {
	type DocumentNode,
	type ExecutionResult,
	type FormattedExecutionResult,
	GraphQLError,
	getOperationAST,
} from 'graphql';
import type { ServerOptions, SubscribePayload } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import type { FollowContext } from '../domain/follow.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';
import { withCode, withTrace } from './failures.ts';
import type { GraphQlServer } from './graphql.ts';
import { admit } from './http.ts';
import { newOperation, type Operation } from './operation.ts';
import { type Streams, Subscription } from './subscription.ts';

export interface WebSocketContext extends FollowContext {
	graphql: GraphQlServer;
	newTrace(): RequestTrace;
	/** Of requests, by client address. */
	limiter: RateLimiterMemory;
	/** Those of this server. */
	streams: Streams;
}

export interface Connection {
	/** That opened it. */
	request: IncomingMessage;
	streams: Streams;
}

type Options = ServerOptions<Record<string, unknown>, Connection>;
type Hooks = 'execute' | 'subscribe' | 'onSubscribe' | 'onOperation' | 'onNext';
type Execute = NonNullable<Options['execute']>;

/** The executor that belongs to one operation travels with it, as its root value. */
interface Root {
	execute: Execute;
	subscribe: Execute;
	operation: Operation;
	subscription: Subscription;
	isStream: boolean;
	/** Nothing has been sent of it yet. */
	isFirst: boolean;
}

/** Runs each operation of a WebSocket as those over HTTP are run, and reports it. */
export function operationHooks(context: WebSocketContext): Pick<Options, Hooks> {
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
			const operation = newOperation(context.emit, context.newTrace(), {
				transport: 'ws',
				method: 'GET',
				clientTrace: extra.request.headers['traceparent'],
			});
			return orFail(operation, () => begin(context, operation, extra, params));
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
			if (root.isStream) root.subscription.sent(result);
			if (!root.isFirst) return;
			root.isFirst = false;
			return namingTrace(result, root.operation.trace.traceId);
		},
	};
}

async function begin(
	context: WebSocketContext,
	operation: Operation,
	{ request, streams }: Connection,
	params: SubscribePayload,
) {
	if (!(await admit(context, request))) {
		operation.turnAway();
		return [tooFast(operation.trace.traceId)];
	}
	const subscription = new Subscription(context, {
		transport: 'ws',
		operation,
		streams: [streams, context.streams],
	});
	const { schema, execute, subscribe, contextFactory, parse, validate } =
		context.graphql.getEnveloped({ operation, subscription });
	const document = readDocument(params, { parse, validate: (read) => validate(schema, read) });
	if (Array.isArray(document)) return refused(operation, document);
	const rootValue: Root = {
		...{ execute, subscribe, operation, subscription },
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

/** What is thrown here is a fault of ours: the operation is over, and its connection is closed with 4500. */
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
	{ query, operationName }: SubscribePayload,
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

/** Reports an operation that cannot be run, and says why. */
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
