import * as known from '../../domain/telemetry.ts';
import {
	answerSeconds,
	asked,
	counter,
	histogram,
	isUsualRequest,
	mayHaveError,
	readSeconds,
	typeOf,
	upDown,
	waitSeconds,
} from './instrument.ts';

const cache = { cache: 'contract' } as const;
const caches = { cache: [cache.cache] } as const;
/** Of WebSockets. */
const closeCodes =
	'1000 1001 1002 1003 1005 1006 1007 1008 1009 1011 4400 4401 4406 4408 4409 4429 4500 other'.split(
		' ',
	);
const operationNames = [...Object.keys(known.ownOperations), 'other', 'anonymous', 'invalid'];
const streams = { operation: known.subscriptionFields, transport: known.transports } as const;

/** How a server answers its clients. */
export const ofServers = {
	graphql_operation_duration_seconds: histogram(
		'GraphQL operations until their answer, and subscriptions until their start',
		answerSeconds,
		{
			operation: operationNames,
			type: [...known.operationTypes, 'unknown'],
			outcome: known.operationOutcomes,
		},
		{
			'graphql.answered': ({ operation, operationType: type, outcome, seconds }) => [
				{ operation, type, outcome },
				seconds,
			],
		},
		({ operation, type, outcome }) =>
			operation === 'invalid'
				? type === 'unknown' && outcome !== 'ok'
				: type !== 'unknown' && type === (typeOf(operation) ?? type),
	),
	graphql_errors_total: counter(
		'Errors in GraphQL answers, by their code',
		{ code: known.answerCodes, operation: operationNames },
		{
			'graphql.error': ({ operation, code }) => [
				{ code: known.oneOf(known.answerCodes, code), operation },
			],
		},
		({ code, operation }) => mayHaveError(operation, code),
	),
	graphql_rejected_total: counter(
		'GraphQL operations that were not begun, or were turned away',
		{ reason: known.rejections },
		{ 'graphql.rejected': ({ reason }) => [{ reason }] },
	),
	http_server_request_duration_seconds: histogram(
		'HTTP requests until their answer, and event streams until they began',
		answerSeconds,
		{
			method: known.httpMethods,
			route: known.httpRoutes,
			status_class: ['2xx', '3xx', '4xx', '5xx'],
		},
		{
			'http.answered'({ method, route, status, seconds }) {
				const status_class =
					status < 300 ? '2xx' : status < 400 ? '3xx' : status < 500 ? '4xx' : '5xx';
				return [{ method, route, status_class }, seconds];
			},
		},
		isUsualRequest,
	),
	graphql_subscriptions_active: upDown(
		'Subscriptions that are open, by field and transport',
		streams,
		{
			'subscription.opened': ({ field: operation, transport }) => [{ operation, transport }],
			'subscription.closed': ({ field: operation, transport }) => [{ operation, transport }, -1],
		},
	),
	websocket_connections: asked('WebSockets that are open'),
	websocket_opened_total: counter(
		'WebSockets that were opened',
		{},
		{ 'websocket.opened': () => [{}] },
	),
	websocket_closed_total: counter(
		'WebSockets that were closed, by code; 1006: without a word',
		{ code: closeCodes },
		{ 'websocket.closed': ({ code }) => [{ code: known.oneOf(closeCodes, String(code)) }] },
	),
	subscription_events_total: counter(
		'Events for subscribers: handed to the socket, left over by one who left, or sent as an error',
		{ operation: known.subscriptionFields, result: known.deliveryResults },
		{ 'subscription.event': ({ field: operation, result }) => [{ operation, result }] },
	),
	subscription_delivery_seconds: histogram(
		"From an event's commit to its subscriber's socket, for events since the subscription began",
		waitSeconds,
		{ operation: known.subscriptionFields },
		{
			'subscription.event': ({ field: operation, seconds }) =>
				seconds === null ? undefined : [{ operation }, seconds],
		},
	),
	cache_requests_total: counter(
		'Reads through the cache; stale: an entry from before a fail-over, which counts as none',
		{ ...caches, result: ['hit', 'miss', 'stale', 'bypass', 'error'] },
		{
			'cache.read': ({ result }) => [
				{ ...cache, result: result === 'coalesced' ? 'miss' : result },
			],
		},
	),
	cache_load_duration_seconds: histogram(
		'What a miss costs: reading the database and filling the cache',
		readSeconds,
		caches,
		{ 'cache.filled': ({ seconds }) => [cache, seconds] },
	),
	cache_coalesced_total: counter(
		'Misses that waited for a load under way instead of a load of their own',
		caches,
		{ 'cache.read': ({ result }) => (result === 'coalesced' ? [cache] : undefined) },
	),
	read_duration_seconds: histogram(
		'Reads of one contract, straight from the database or through the cache',
		readSeconds,
		{ path: ['cached', 'uncached'], cache_result: known.cacheResults },
		{
			'contract.read': ({ path, cacheResult: cache_result, seconds }) => [
				{ path, cache_result },
				seconds,
			],
		},
		({ path, cache_result }) => (path === 'uncached') === (cache_result === 'none'),
	),
};
