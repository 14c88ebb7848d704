import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Follow } from '../domain/follow.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { Config } from '../platform/config.ts';
import type { OperationContext } from '../schema/context.ts';
import { schema } from '../schema/schema.ts';
import { schemaWithTestOperations } from '../schema/test-operations.ts';
import { createMask } from './failures.ts';
import { graphiql, renderGraphiQL } from './graphiql.ts';
import { type OperationTold, operationPlugin } from './operation-plugin.ts';
import type { Sse, SseTransport } from './sse.ts';

/** What a transport hands over with an operation. */
export interface Transport extends Partial<SseTransport>, Partial<OperationTold> {
	/** The streams of a connection that carries several operations, or of one request. */
	follow?: Follow;
}

export type GraphQlServer = YogaServerInstance<Transport, OperationContext>;

/** GraphQL over HTTP and SSE, with GraphiQL for a browser; the same limits hold over WebSocket. */
export function createGraphQl(
	config: Config,
	context: (transport: Transport) => OperationContext,
	emit: Emit,
	sse: Sse,
): GraphQlServer {
	return createYoga<Transport, OperationContext>({
		schema: config.TEST_OPERATIONS ? schemaWithTestOperations() : schema,
		context,
		graphqlEndpoint: '/graphql',
		landingPage: false,
		batching: false,
		multipart: false,
		cors: { origin: '*', credentials: false, exposedHeaders: ['x-trace-id'] },
		maxRequestBodySize: config.MAX_BODY_BYTES,
		// Failures are reported where they are masked, once.
		logging: false,
		maskedErrors: { maskError: createMask(emit) },
		graphiql,
		renderGraphiQL,
		plugins: [
			operationPlugin,
			sse.plugin,
			EnvelopArmorPlugin({
				maxDepth: { n: config.MAX_QUERY_DEPTH, flattenFragments: true },
				maxAliases: { n: config.MAX_QUERY_ALIASES },
				maxTokens: { n: config.MAX_QUERY_TOKENS },
				costLimit: { maxCost: config.MAX_QUERY_COST },
				maxDirectives: { n: 50 },
				blockFieldSuggestion: { enabled: false },
			}),
		],
	});
}
