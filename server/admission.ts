import type { IncomingMessage } from 'node:http';
import type { AccessMode } from '../domain/api-key.ts';
import type { Client } from './client.ts';
import type { Clients } from './clients.ts';
import { sendBusy } from './etherscan/outcome.ts';
import type { ObservedExchange } from './http.ts';
import { sendError } from './http-answer.ts';
import {
	keyNeeded,
	type RequestRefusal,
	tooManyConnections,
	tooManyRequests,
	unknownKey,
} from './refusals.ts';

export interface Admission {
	clients: Clients;
	access: AccessMode;
}

/**
 * Who asks; null where that may not go on now, and was told so. Each has so many requests a second, in this process. A
 * promise for who sends a key alone: all others are many.
 */
export function admit(
	context: Admission,
	observed: ObservedExchange,
): Client | null | Promise<Client | null> {
	if (observed.place.isOverShare) return turnAway(observed, tooManyConnections);
	const found = context.clients.of(observed.request);
	if (!(found instanceof Promise)) return admitClient(context, observed, found);
	return found.then((holder) => admitClient(context, observed, holder));
}

function admitClient(
	context: Admission,
	observed: ObservedExchange,
	known: Client | null,
): Client | null {
	const { request, response } = observed;
	const client = known ?? context.clients.at(request);
	const left = client.countRequest();
	response.setHeader('ratelimit-policy', client.policy);
	response.setHeader('ratelimit', `"requests";r=${Math.max(0, left)};t=1`);
	if (left < 0) return turnAway(observed, tooManyRequests);
	if (!known) return refuse(observed, unknownKey);
	return mayAsk(context, client) || isOpenToAll(observed) ? client : refuse(observed, keyNeeded);
}

/** Whether no key is needed that the client has not got. */
export function mayAsk({ access }: Pick<Admission, 'access'>, { key }: Client): boolean {
	return key !== null || access !== 'keys-for-all';
}

/** Says why it is not looked at; where the connection is too much, it ends. */
function turnAway(observed: ObservedExchange, refusal: RequestRefusal): null {
	const { response, route, operation } = observed;
	operation?.turnAway(refusal.refusal.code);
	if (refusal === tooManyConnections) response.setHeader('connection', 'close');
	if (route !== '/api') return refuse(observed, refusal);
	sendBusy(observed, refusal.refusal.message, 1);
	return null;
}

function refuse(observed: ObservedExchange, { status, refusal, headers }: RequestRefusal): null {
	sendError(observed, status, refusal, headers);
	return null;
}

/** What tells nothing of contracts, and what asks for a key in a way of its own. A browser asks for leave without one. */
function isOpenToAll({ request, route }: ObservedExchange): boolean {
	if (request.method === 'OPTIONS') return true;
	if (route === '/graphql') return isPage(request);
	return route !== '/contracts';
}

function isPage({ method, url }: IncomingMessage): boolean {
	return method === 'GET' && url === '/graphql';
}
