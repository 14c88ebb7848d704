import type { ServerResponse } from 'node:http';
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import type { ExecutionResult } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Asker } from '../domain/line.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { Config } from '../platform/config.ts';
import type { OperationContext } from '../schema/context.ts';
import { schema } from '../schema/schema.ts';
import { schemaWithTestOperations } from '../schema/test-operations.ts';
import { type AnswerTurns, answerBoundPlugin, createAnswerBound } from './answer-size.ts';
import { errorBodyPlugin, mask, valuePlugin } from './failures.ts';
import { introspectionPlugin } from './introspection.ts';
import { nestingPlugin } from './nesting.ts';
import { type Operation, operationPlugin } from './operation.ts';
import type { Sse } from './sse.ts';
import type { Subscription } from './subscription.ts';

/** What a transport hands over with an operation. */
export interface Transport {
	operation: Operation;
	subscription: Subscription;
	asker: Asker;
	/** Whether its client may submit. */
	mayChange: boolean;
	/** Over HTTP. */
	response?: ServerResponse;
	/** Resolves when its client has the answer, or has left. */
	whenTaken(): Promise<void>;
	/** Ends what its client does not take. */
	cut(): void;
	/** It was executed already: only its answer is to be written. */
	result?: ExecutionResult;
}

const givenResult: Plugin<Transport> = {
	onParams({ context, setResult }) {
		// The context of the server is what `Transport` says.
		const { result } = context as Partial<Transport>;
		if (result) setResult(result);
	},
};

/** What an operation is run with, and what is asked of its answer. */
export type ServedContext = OperationContext & AnswerTurns;

export type GraphQlServer = YogaServerInstance<Transport, ServedContext>;

/** GraphQL over HTTP and SSE, with GraphiQL for a browser; the same limits hold over WebSocket. */
export function createGraphQl(
	config: Config,
	context: (transport: Transport) => ServedContext,
	emit: Emit,
	sse: Sse,
): GraphQlServer {
	return createYoga<Transport, ServedContext>({
		schema: config.TEST_OPERATIONS ? schemaWithTestOperations() : schema,
		context,
		graphqlEndpoint: '/graphql',
		landingPage: false,
		batching: false,
		multipart: false,
		// Before it, for all routes alike.
		cors: false,
		maxRequestBodySize: config.MAX_BODY_BYTES,
		// Failures are reported where they are masked, once.
		logging: false,
		maskedErrors: { maskError: (error) => mask(emit, error) },
		graphiql: false,
		plugins: [
			operationPlugin,
			givenResult,
			nestingPlugin,
			introspectionPlugin(config.INTROSPECTION),
			errorBodyPlugin,
			valuePlugin,
			answerBoundPlugin(createAnswerBound(config.MAX_ANSWER_BYTES)),
			sse.plugin,
			EnvelopArmorPlugin({
				maxDepth: { n: config.MAX_QUERY_DEPTH, flattenFragments: true },
				maxAliases: { n: config.MAX_QUERY_ALIASES },
				maxTokens: { n: config.MAX_QUERY_TOKENS },
				costLimit: { maxCost: config.MAX_QUERY_COST },
				maxDirectives: { n: 50 },
				blockFieldSuggestion: { enabled: !config.SUGGESTIONS, mask: '' },
			}),
		],
	});
}
