import { z } from 'zod';
import { accessModes } from '../domain/api-key.ts';
import { bytes, count, milliseconds, proxies } from './setting-kinds.ts';

/** What one request, one client and one server may. */
export const limits = {
	MAX_BODY_BYTES: bytes.default(256 * 1024).describe('Largest request body or WebSocket message.'),
	MAX_QUERY_DEPTH: count.default(15).describe('Deepest nesting of one operation.'),
	MAX_QUERY_ALIASES: count.default(50).describe('Most aliases in one operation.'),
	MAX_QUERY_TOKENS: count.default(4_000).describe('Most tokens in one document.'),
	MAX_QUERY_COST: count.default(20_000).describe('Highest computed cost of one operation.'),
	MAX_QUERY_SOURCE_BYTES: bytes
		.default(64 * 1024 * 1024)
		.describe('Most bytes of source that one operation may read.'),
	MAX_ANSWER_BYTES: bytes
		.default(32 * 1024 * 1024)
		.describe('Longest answer of one operation, and longest event of a stream.'),
	MAX_QUERY_ITEMS: count
		.default(20_000)
		.describe(
			'Most contracts, events, sources and changed files, counted together, that one operation may read.',
		),
	MAX_CONNECTIONS: count.default(10_000).describe('Most connections of one server.'),
	MAX_CONNECTIONS_PER_CLIENT: count
		.default(1_000)
		.describe('Most connections from one address, and most WebSockets of one client.'),
	REQUEST_TIMEOUT_MS: milliseconds
		.default(30_000)
		.describe('A request has to arrive whole in this time; the first one from its connection on.'),
	KEEP_ALIVE_MS: milliseconds
		.default(5_000)
		.describe(
			'How long a connection without a request is kept. Longer than that of a proxy before it, if its connections are to be used again.',
		),
	MAX_OPERATIONS_PER_CONNECTION: count
		.default(20)
		.describe(
			'Most operations of one WebSocket under way at once; open subscriptions do not count.',
		),
	MAX_SUBSCRIPTIONS_PER_CONNECTION: count
		.default(200)
		.describe('Most subscriptions of one WebSocket.'),
	MAX_FOLLOWED_PER_CONNECTION: count
		.default(1_000)
		.describe('Most contracts that the subscriptions of one WebSocket follow together.'),
	MAX_FOLLOWED: count
		.default(20_000)
		.describe('Most contracts that all subscriptions of one server follow together.'),
	MAX_FOLLOWED_PER_CLIENT: count
		.default(4_000)
		.describe('Most contracts that all subscriptions of one client follow together.'),
	REQUESTS_PER_SECOND_PER_CLIENT: count
		.default(2_000)
		.describe(
			'Requests a second from one client, in one server. A client is an address, or who holds a key.',
		),
	CONTRACTS_PER_HOUR_PER_CLIENT: count
		.default(1_000_000)
		.describe('New contracts that one client may submit in an hour, over all servers.'),
	MAX_WAITING_PER_CLIENT: count
		.default(200_000)
		.describe('Most contracts of one client that wait for their turn in its line.'),
	MAX_WAITING: count.default(1_000_000).describe('Most contracts that wait for their turn in all.'),
	ACCESS: z
		.enum(accessModes)
		.default('open')
		.describe('Who needs an [API key](operations.md#api-keys).'),
	TRUSTED_PROXIES: proxies
		.default([])
		.describe(
			'Addresses or networks of proxies whose `X-Forwarded-For` is believed, `loopback`, `linklocal`, `uniquelocal`.',
		),
};
