import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import type { AccessMode } from '../domain/api-key.ts';
import { type HttpMethod, type HttpRoute, httpMethods, oneOf } from '../domain/telemetry.ts';
import type { Config } from '../platform/config.ts';
import type { HostCheck } from '../platform/host-names.ts';
import type { Answer } from '../platform/probes.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';
import type { OperationContext } from '../schema/context.ts';
import { type Client, type CountRequest, isTooMany, needsKey } from './client.ts';
import type { Clients } from './clients.ts';
import { downloadRoute } from './download-url.ts';
import { answerDownload } from './downloads.ts';
import { answerEtherscan, type EtherscanContext } from './etherscan/answer.ts';
import { etherscanRoute } from './etherscan/call.ts';
import { sendBusy } from './etherscan/outcome.ts';
import { mask, unexpected } from './failures.ts';
import { sendGraphiql, sentGraphiqlAsset } from './graphiql.ts';
import type { GraphQlServer, Transport } from './graphql.ts';
import { type Exchange, sendError } from './http-answer.ts';
import { newOperation, type Operation } from './operation.ts';
import type { Origins } from './origins.ts';
import { answerPlainPost, type PlainPosts } from './plain-post.ts';
import { refusalOf, strangeHost } from './refusals.ts';
import { Subscription } from './subscription.ts';

export interface HttpContext extends EtherscanContext {
	health: Answer;
	graphql: GraphQlServer;
	newTrace(): RequestTrace;
	plainPosts: PlainPosts;
	operationContext(transport: Transport): OperationContext;
	clients: Clients;
	countRequest: CountRequest;
	access: AccessMode;
	isExpectedHost: HostCheck;
	origins: Origins;
	/** Whether a browser gets GraphiQL. */
	hasPage: boolean;
}

/** One port for everything public: health, downloads, Etherscan's API, GraphQL. */
export async function openHttp(context: HttpContext, config: Config): Promise<Server> {
	const server = createServer((request, response) => {
		const observed = observe(context, { request, response });
		void observed.trace.run(() => answer(context, observed));
	});
	server.maxConnections = config.MAX_CONNECTIONS;
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(config.HTTP_PORT, config.HTTP_HOST, resolve);
	await promise;
	server.off('error', reject);
	return server;
}

/** One exchange over HTTP, reported when it is over. */
interface ObservedExchange extends Exchange {
	trace: RequestTrace;
	route: HttpRoute;
	/** Of a request to /graphql. */
	operation: Operation | null;
}

/** As nginx has it: the client has left before there was an answer. */
const clientLeft = 499;

/** Gives the answer its `x-trace-id`. */
function observe(
	{ emit, newTrace, origins }: Pick<HttpContext, 'emit' | 'newTrace' | 'origins'>,
	{ request, response }: Exchange,
): ObservedExchange {
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
		const left = !response.writableFinished;
		const status = left && !response.headersSent ? clientLeft : response.statusCode;
		operation?.end(left ? 'cancelled' : 'answered', status);
		// Of an event stream, when it began.
		const seconds = ((operation?.endedAt() ?? performance.now()) - startedAt) / 1_000;
		trace.run(() => emit({ type: 'http.answered', method, route, status, seconds }));
		trace.end({ 'http.response.status_code': status }, status >= 500 ? `${status}` : null);
	});
	return { request, response, trace, route, operation };
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
	const client = await admit(context, observed);
	if (!client) return;
	if (operation) {
		const refused = refusalOf(request);
		if (refused) return sendError(observed, refused.status, refused.refusal);
		if (request.method === 'OPTIONS') return context.origins.answerPreflight(observed);
		if (context.hasPage && isBrowser(request)) return sendGraphiql(observed);
		const subscription = new Subscription(context, {
			transport: 'sse',
			operation,
			streams: [context.streams],
			lastEventId: request.headers['last-event-id']?.toString(),
		});
		const mayChange = context.origins.mayChange(request.headers);
		const transport = { operation, subscription, response, asker: client, mayChange };
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
		await inSpan(observed, '/contracts/:chainId/:address', () => answerDownload(context, observed));
	} else if (observed.route === '/api') {
		await inSpan(observed, '/v2/api', () => answerEtherscan(context, observed, client));
	} else if (!context.hasPage || !(await sentPage(observed))) {
		const message = 'There is nothing here. GraphQL is at /graphql.';
		sendError(observed, 404, { code: 'NOT_FOUND', message });
	}
}

/** Who asks for a page to look at. */
function isBrowser({ method, headers: { accept } }: IncomingMessage): boolean {
	return method === 'GET' && accept?.includes('text/html') === true;
}

/** False where there is none at that path. */
async function sentPage(exchange: Exchange): Promise<boolean> {
	const path = pathOf(exchange.request) ?? '';
	if (path !== '/') return sentGraphiqlAsset(exchange, path);
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

/** Who asks; null where that may not go on now, and was told so. Each has so many requests a second, in this process. */
async function admit(context: HttpContext, observed: ObservedExchange): Promise<Client | null> {
	const { request, response, operation, route } = observed;
	const found = context.clients.of(request);
	const known = found instanceof Promise ? await found : found;
	const client = known ?? context.clients.at(request);
	const counted = await context.countRequest(client);
	showLimits(response, client, counted);
	if (isTooMany(client, counted)) {
		operation?.turnAway();
		if (route === '/api') sendBusy(observed, tooFast, 1);
		else {
			const refusal = { code: 'RATE_LIMITED', message: tooFast, retryAfter: 1 };
			sendError(observed, 429, refusal, { 'retry-after': '1' });
		}
		return null;
	}
	if (known && (known.key || context.access !== 'keys-for-all' || isOpenToAll(observed))) {
		return known;
	}
	const { message } = needsKey();
	const sentence = known ? message : 'This API key is not known here, or was revoked.';
	const refusal = { code: 'UNAUTHENTICATED', message: sentence };
	sendError(observed, 401, refusal, { 'www-authenticate': 'Bearer' });
	return null;
}

export const tooFast = 'Too many requests at once from this client; try again in a second.';

/** What tells nothing of contracts, and what asks for a key in a way of its own. A browser asks for leave without one. */
function isOpenToAll({ request, route }: ObservedExchange): boolean {
	if (request.method === 'OPTIONS') return true;
	if (route === '/graphql') return request.method === 'GET' && request.url === '/graphql';
	return route !== '/contracts';
}

/** As the IETF's draft of RateLimit headers has it. */
function showLimits(
	response: ServerResponse,
	{ requestsPerSecond }: Client,
	{ remainingPoints }: RateLimiterRes,
): void {
	response.setHeader('ratelimit-policy', `"requests";q=${requestsPerSecond};w=1`);
	response.setHeader('ratelimit', `"requests";r=${remainingPoints};t=1`);
}
