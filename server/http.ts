import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Emit } from '../domain/telemetry.ts';
import type { Config } from '../platform/config.ts';
import type { Answer } from '../platform/health.ts';
import { sendBusy } from './etherscan/envelope.ts';
import { etherscanRoute } from './etherscan/paths.ts';
import { unexpected } from './failures.ts';
import type { GraphQlServer } from './graphql.ts';
import { json, publicHeaders } from './http-answer.ts';
import type { Watch, WatchedExchange } from './http-watch.ts';
import type { Admit } from './rates.ts';
import type { Sse } from './sse.ts';

export interface Routes {
	health: Answer;
	downloads: Answer;
	etherscan: Answer;
	graphql: GraphQlServer;
	sse: Sse;
	admit: Admit;
	emit: Emit;
	watch: Watch;
}

/** One port for everything public: health, downloads, Etherscan's API, GraphQL. */
export async function openHttp(config: Config, routes: Routes): Promise<Server> {
	const server = createServer((request, response) => {
		const watched = routes.watch(request, response);
		void watched.trace.run(() => answer(request, response, watched, routes));
	});
	server.maxConnections = config.MAX_CONNECTIONS;
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(config.HTTP_PORT, config.HTTP_HOST, resolve);
	await promise;
	server.off('error', reject);
	return server;
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	watched: WatchedExchange,
	routes: Routes,
): Promise<void> {
	try {
		await route(request, response, watched, routes);
	} catch (error) {
		routes.emit({
			type: 'request.failed',
			error,
			operation: request.url?.split('?', 1)[0] ?? null,
		});
		if (response.headersSent) response.destroy();
		else {
			const { status, code, message } = unexpected(error);
			sendError(response, status, code, message);
		}
	}
}

async function route(
	request: IncomingMessage,
	response: ServerResponse,
	watched: WatchedExchange,
	routes: Routes,
): Promise<void> {
	if (await routes.health(request, response)) return;
	if (!(await routes.admit(request))) {
		watched.graphql?.operation.turnAway();
		const sentence = 'Too many requests from this address; try again in a second.';
		if (etherscanRoute(request.url)) return sendBusy({ request, response }, sentence, 1);
		response.setHeader('retry-after', '1');
		return sendError(response, 429, 'TOO_MANY_REQUESTS', sentence);
	}
	if (watched.graphql) {
		const transport = routes.sse.transport(request, response, watched.graphql.operation);
		await routes.graphql(request, response, { ...transport, ...watched.graphql });
		return;
	}
	watched.begin();
	const answered = await watched.trace.run(
		async () =>
			(await routes.downloads(request, response)) || (await routes.etherscan(request, response)),
	);
	if (answered) return;
	if (request.url?.split('?', 1)[0] === '/') {
		response.writeHead(302, { location: '/graphql' }).end();
	} else {
		const sentence = 'There is nothing here. GraphQL and GraphiQL are at /graphql.';
		sendError(response, 404, 'NOT_FOUND', sentence);
	}
}

/** The same shape as a GraphQL answer, so that a GraphQL client shows the sentence. */
function sendError(response: ServerResponse, status: number, code: string, message: string): void {
	response.writeHead(status, { ...publicHeaders, ...json });
	response.end(`${JSON.stringify({ errors: [{ message, extensions: { code } }] })}\n`);
}
