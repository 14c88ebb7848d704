import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Reporter } from '../domain/reporter.ts';
import type { Config } from '../platform/config.ts';
import type { Answer } from '../platform/health.ts';
import type { Door } from './etherscan/door.ts';
import { sendBusy } from './etherscan/envelope.ts';
import { etherscanRoute } from './etherscan/paths.ts';
import { unexpected } from './failures.ts';
import type { GraphQlServer } from './graphql.ts';
import type { Admit } from './rates.ts';
import type { Sse } from './sse.ts';

export interface Routes {
	health: Answer;
	downloads: Answer;
	etherscan: Door;
	graphql: GraphQlServer;
	sse: Sse;
	admit: Admit;
	reporter: Reporter;
}

/** One port for everything public: health, downloads, Etherscan's API, GraphQL. */
export async function openHttp(config: Config, routes: Routes): Promise<Server> {
	const server = createServer(async (request, response) => {
		try {
			await route(request, response, routes);
		} catch (error) {
			routes.reporter.requestFailed(error, request.url?.split('?', 1)[0] ?? null);
			if (response.headersSent) response.destroy();
			else {
				const { status, code, message } = unexpected(error);
				sendError(response, status, code, message);
			}
		}
	});
	server.maxConnections = config.MAX_CONNECTIONS;
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(config.HTTP_PORT, config.HTTP_HOST, resolve);
	await promise;
	server.off('error', reject);
	return server;
}

async function route(
	request: IncomingMessage,
	response: ServerResponse,
	routes: Routes,
): Promise<void> {
	if (await routes.health(request, response)) return;
	if (!(await routes.admit(request))) {
		const sentence = 'Too many requests from this address; try again in a second.';
		if (etherscanRoute(request.url)) return sendBusy({ request, response }, sentence, 1);
		response.setHeader('retry-after', '1');
		return sendError(response, 429, 'TOO_MANY_REQUESTS', sentence);
	}
	if (await routes.downloads(request, response)) return;
	if (await routes.etherscan(request, response)) return;
	const path = request.url?.split('?', 1)[0];
	if (path === '/graphql') {
		await routes.graphql(request, response, routes.sse.transport(request, response));
	} else if (path === '/') {
		response.writeHead(302, { location: '/graphql' }).end();
	} else {
		const sentence = 'There is nothing here. GraphQL and GraphiQL are at /graphql.';
		sendError(response, 404, 'NOT_FOUND', sentence);
	}
}

/** The same shape as a GraphQL answer, so that a GraphQL client shows the sentence. */
function sendError(response: ServerResponse, status: number, code: string, message: string): void {
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
	response.end(`${JSON.stringify({ errors: [{ message, extensions: { code } }] })}\n`);
}
