import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import { type HttpMethod, type HttpRoute, httpMethods, oneOf } from '../domain/telemetry.ts';
import type { Config } from '../platform/config.ts';
import type { Answer } from '../platform/probes.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';
import type { OperationContext } from '../schema/context.ts';
import { boundConnections, clientAddress, type Place, requestDeadlines } from './connections.ts';
import { downloadRoute } from './download-url.ts';
import { answerDownload } from './downloads.ts';
import { answerEtherscan, type EtherscanContext } from './etherscan/answer.ts';
import { etherscanRoute } from './etherscan/call.ts';
import { sendBusy } from './etherscan/outcome.ts';
import { mask, unexpected } from './failures.ts';
import type { GraphQlServer, Transport } from './graphql.ts';
import { type Exchange, errorBody, json, publicHeaders } from './http-answer.ts';
import { newOperation, type Operation } from './operation.ts';
import { answerPlainPost, type PlainPosts } from './plain-post.ts';
import { notHere, type Refusal, tooManyConnections, tooManyRequests } from './refusals.ts';
import { Subscription } from './subscription.ts';

export interface HttpContext extends EtherscanContext {
	health: Answer;
	graphql: GraphQlServer;
	newTrace(): RequestTrace;
	plainPosts: PlainPosts;
	operationContext(transport: Transport): OperationContext;
	/** Of requests, by client address. */
	limiter: RateLimiterMemory;
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
	const placeOf = boundConnections(server, config);
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(config.HTTP_PORT, config.HTTP_HOST, resolve);
	await promise;
	server.off('error', reject);
	return { server, placeOf };
}

/** One exchange over HTTP, reported when it is over. */
interface ObservedExchange extends Exchange {
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
	{ emit, newTrace }: Pick<HttpContext, 'emit' | 'newTrace'>,
	{ request, response }: Exchange,
	place: Place,
): ObservedExchange {
	place.underWay += 1;
	const startedAt = performance.now();
	const method = knownMethod(request);
	const route = routeOf(request.url);
	const trace = newTrace();
	response.setHeader('x-trace-id', trace.traceId);
	// Only a page from elsewhere needs to be allowed to read it.
	if (request.headers.origin) response.setHeader('access-control-expose-headers', 'x-trace-id');
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
			const { status, code, message } = unexpected(error);
			sendError(response, status, code, message);
		}
	}
}

async function route(context: HttpContext, observed: ObservedExchange): Promise<void> {
	const { request, response, operation } = observed;
	if (observed.route === '/health' && (await context.health(request, response))) return;
	if (observed.place.isOverShare) return turnAway(observed, tooManyConnections);
	const client = clientAddress(request);
	if (!(await admit(context, client))) return turnAway(observed, tooManyRequests);
	if (operation) {
		if (!hasHost(request)) {
			return sendError(response, 400, 'BAD_REQUEST', 'The Host header has to name one host.');
		}
		const { 'content-encoding': coding = 'identity' } = request.headers;
		if (coding !== 'identity') {
			const sentence =
				'Compressed bodies are not read; send it as it is, without Content-Encoding.';
			return sendError(response, 415, 'UNSUPPORTED_MEDIA_TYPE', sentence);
		}
		const subscription = new Subscription(context, {
			transport: 'sse',
			operation,
			streams: [context.streams],
			followers: context.followers,
			client,
			lastEventId: request.headers['last-event-id']?.toString(),
		});
		const transport = { operation, subscription, response };
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
		await inSpan(observed, '/v2/api', () => answerEtherscan(context, request, response));
	} else if (pathOf(request) === '/') {
		response.writeHead(302, { location: '/graphql' }).end();
	} else {
		sendError(response, notHere.status, notHere.code, notHere.sentence);
	}
}

/** Says why it is not looked at; where the connection is too much, it ends. */
function turnAway(
	{ request, response, route, operation }: ObservedExchange,
	refusal: Refusal,
): void {
	operation?.turnAway(refusal.code);
	if (refusal === tooManyConnections) response.setHeader('connection', 'close');
	if (route === '/api') sendBusy({ request, response }, refusal.sentence, 1);
	else {
		response.setHeader('retry-after', '1');
		sendError(response, refusal.status, refusal.code, refusal.sentence);
	}
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

/** Whether there is one at most, of which Yoga can make a URL. */
function hasHost({ rawHeaders, headers: { host = '' } }: IncomingMessage): boolean {
	let lines = 0;
	for (let at = 0; at < rawHeaders.length; at += 2) {
		if (rawHeaders[at]?.toLowerCase() === 'host') lines += 1;
	}
	if (lines > 1) return false;
	return /^[\w.-]*(?::\d{1,4})?$/.test(host) || URL.canParse(`http://${host}`);
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
	response.writeHead(status, { ...publicHeaders, ...json });
	response.end(errorBody(code, message));
}

/** Whether a request of this client may go on now: each has so many a second, in this process. */
export async function admit(
	{ limiter }: { limiter: RateLimiterMemory },
	address: string,
): Promise<boolean> {
	try {
		await limiter.consume(address);
		return true;
	} catch {
		return false;
	}
}
