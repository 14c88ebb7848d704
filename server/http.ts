import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AccessMode } from '../domain/api-key.ts';
import { type HttpMethod, type HttpRoute, httpMethods, oneOf } from '../domain/telemetry.ts';
import type { Config } from '../platform/config.ts';
import type { HostCheck } from '../platform/host-names.ts';
import type { Answer } from '../platform/probes.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';
import { admit } from './admission.ts';
import type { Clients } from './clients.ts';
import { boundConnections, type Place, requestDeadlines } from './connections.ts';
import { downloadRoute } from './download-url.ts';
import { answerDownload } from './downloads.ts';
import { answerEtherscan, type EtherscanContext } from './etherscan/answer.ts';
import { etherscanRoute } from './etherscan/call.ts';
import { mask, unexpected } from './failures.ts';
import { sendGraphiql, sentGraphiqlAsset } from './graphiql.ts';
import type { GraphQlServer, ServedContext, Transport } from './graphql.ts';
import { type Exchange, sendError } from './http-answer.ts';
import { newOperation, type Operation } from './operation.ts';
import type { Origins } from './origins.ts';
import { sentPage } from './page.ts';
import { answerPlainPost, type PlainPosts } from './plain-post.ts';
import { notHere, refusalOf, strangeHost } from './refusals.ts';
import { Subscription } from './subscription.ts';

export interface HttpContext extends EtherscanContext {
	health: Answer;
	graphql: GraphQlServer;
	newTrace(): RequestTrace;
	plainPosts: PlainPosts;
	operationContext(transport: Transport): ServedContext;
	clients: Clients;
	access: AccessMode;
	isExpectedHost: HostCheck;
	origins: Origins;
	/** Whether a browser gets GraphiQL. */
	hasGraphiql: boolean;
	/** Whether it gets the page at `/` and at links to contracts. */
	hasPage: boolean;
}

interface OpenHttp {
	server: Server;
	placeOf(socket: Duplex): Place;
}

/** One port for everything public: health, downloads, Etherscan's API, GraphQL. */
export async function openHttp(context: HttpContext, config: Config): Promise<OpenHttp> {
	const server = createServer(requestDeadlines(config), (request, response) => {
		const observed = observe(context, { request, response }, placeOf(request.socket));
		void observed.trace.run(() => answer(context, observed));
	});
	const placeOf = boundConnections(server, config, context.clients.isProxy);
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(config.HTTP_PORT, config.HTTP_HOST, resolve);
	await promise;
	server.off('error', reject);
	return { server, placeOf };
}

/** One exchange over HTTP, reported when it is over. */
export interface ObservedExchange extends Exchange {
	trace: RequestTrace;
	route: HttpRoute;
	/** Of a request to /graphql. */
	operation: Operation | null;
	place: Place;
}

/** As nginx has it: the client has left before there was an answer. */
const clientLeft = 499;

/** Gives the answer its `x-trace-id`. */
function observe(
	{ emit, newTrace, origins }: Pick<HttpContext, 'emit' | 'newTrace' | 'origins'>,
	{ request, response }: Exchange,
	place: Place,
): ObservedExchange {
	place.underWay += 1;
	const startedAt = performance.now();
	const method = knownMethod(request);
	const route = routeOf(request.url);
	const trace = newTrace();
	response.setHeader('x-trace-id', trace.traceId);
	response.setHeader('x-content-type-options', 'nosniff');
	// Answers of GraphQL are not kept by caches: only a page that asks needs to be allowed to read them.
	if (route !== '/graphql' || request.headers.origin !== undefined) {
		origins.share({ request, response });
	}
	const operation =
		route === '/graphql'
			? newOperation(emit, trace, {
					transport: 'http',
					method: request.method ?? '',
					clientTrace: request.headers['traceparent'],
				})
			: null;
	response.once('close', () => {
		place.underWay -= 1;
		const left = !response.writableFinished;
		const status = left && !response.headersSent ? clientLeft : response.statusCode;
		operation?.end(left ? 'cancelled' : 'answered', status);
		// Of an event stream, when it began.
		const seconds = ((operation?.endedAt() ?? performance.now()) - startedAt) / 1_000;
		trace.run(() => emit({ type: 'http.answered', method, route, status, seconds }));
		trace.end({ 'http.response.status_code': status }, status >= 500 ? `${status}` : null);
	});
	return { request, response, trace, route, operation, place };
}

function knownMethod({ method }: IncomingMessage): HttpMethod {
	return oneOf(httpMethods, method);
}

function routeOf(url = ''): HttpRoute {
	if (url === '/graphql' || url.startsWith('/graphql?')) return '/graphql';
	if (/^\/(?:livez|readyz)(?:\?|$)/.test(url)) return '/health';
	if (downloadRoute(url)) return '/contracts';
	return etherscanRoute(url) ? '/api' : 'other';
}

async function answer(context: HttpContext, observed: ObservedExchange): Promise<void> {
	const { request, response } = observed;
	try {
		await route(context, observed);
	} catch (error) {
		context.emit({ type: 'request.failed', error, operation: pathOf(request) ?? null });
		if (response.headersSent) response.destroy();
		else {
			const { status, ...refusal } = unexpected(error);
			sendError(observed, status, refusal);
		}
	}
}

async function route(context: HttpContext, observed: ObservedExchange): Promise<void> {
	const { request, response, operation } = observed;
	if (!context.isExpectedHost(request.headers.host)) {
		return sendError(observed, strangeHost.status, strangeHost.refusal);
	}
	if (observed.route === '/health' && (await context.health(request, response))) return;
	const admitted = admit(context, observed);
	const client = admitted instanceof Promise ? await admitted : admitted;
	if (!client) return;
	if (operation) {
		const refused = refusalOf(request);
		if (refused) return sendError(observed, refused.status, refused.refusal);
		if (request.method === 'OPTIONS') return context.origins.answerPreflight(observed);
		if (context.hasGraphiql && isBrowser(request)) return sendGraphiql(observed);
		const subscription = new Subscription(context, {
			transport: 'sse',
			operation,
			streams: [context.streams],
			followers: context.followers,
			client: client.name,
			lastEventId: request.headers['last-event-id']?.toString(),
		});
		const mayChange = context.origins.mayChange(request.headers);
		const transport = {
			...{ operation, subscription, response, asker: client, mayChange },
			whenTaken: () => operation.whenOver(),
			cut: () => response.destroy(),
		};
		const create = () => context.operationContext(transport);
		const result = await answerPlainPost(context.plainPosts, observed, operation, create);
		if (result === 'answered') return;
		if (result === 'yoga') await context.graphql(request, response, transport);
		else {
			const errors = result.errors?.map((error) => mask(context.emit, error)) ?? [];
			const { data = null } = result;
			await context.graphql(request, response, { ...transport, result: { errors, data } });
		}
		return;
	}
	if (observed.route === '/contracts') {
		await inSpan(observed, '/contracts/:chainId/:address', () =>
			answerDownload(context, observed, client),
		);
	} else if (observed.route === '/api') {
		await inSpan(observed, '/v2/api', () => answerEtherscan(context, observed, client));
	} else if (!(await sentFile(context, observed))) {
		sendError(observed, notHere.status, notHere.refusal);
	}
}

/** Who asks for a page to look at. */
function isBrowser({ method, headers: { accept } }: IncomingMessage): boolean {
	return method === 'GET' && accept?.includes('text/html') === true;
}

/** False where there is none at that path. */
async function sentFile(context: HttpContext, exchange: Exchange): Promise<boolean> {
	const path = pathOf(exchange.request) ?? '';
	if (context.hasPage && (await sentPage(exchange, path))) return true;
	if (!context.hasGraphiql) return false;
	if (context.hasPage || path !== '/') return sentGraphiqlAsset(exchange, path);
	exchange.response.writeHead(302, { location: '/graphql' }).end();
	return true;
}

function inSpan<T>({ request, trace }: ObservedExchange, path: string, work: () => T): T {
	const method = knownMethod(request);
	trace.begin(`${method} ${path}`, {
		attributes: { 'http.request.method': method, 'http.route': path },
		rule: 'share',
		clientTrace: request.headers['traceparent'],
	});
	return trace.run(work);
}

function pathOf({ url }: IncomingMessage): string | undefined {
	return url?.split('?', 1)[0];
}
