import type { AccessMode } from '../../domain/api-key.ts';
import type { Context } from '../../domain/context.ts';
import type { Contract, ContractKey } from '../../domain/contract.ts';
import { DomainError } from '../../domain/errors.ts';
import { chainListBody, noDataBody, refusals } from '../../sources/etherscan/format.ts';
import type { Client } from '../client.ts';
import type { Clients } from '../clients.ts';
import { type Exchange, takerOf } from '../http-answer.ts';
import type { Origins } from '../origins.ts';
import { heavyBytes, type Turns } from '../turns.ts';
import { etherscanRoute, type Parameters, type Route, readCall, readParameters } from './call.ts';
import { type FindContext, findContract } from './find.ts';
import { creationRow, toItem, unverifiedItemOf } from './item.ts';
import {
	baseUrl,
	failedText,
	outcomeOf,
	sendBusy,
	sendJson,
	sendNotOk,
	sendOk,
} from './outcome.ts';

export interface EtherscanContext extends FindContext, Pick<Context, 'sources'> {
	maxBodyBytes: number;
	origins: Origins;
	turns: Turns;
	clients: Clients;
	access: AccessMode;
}

/**
 * Etherscan's `getsourcecode`, `getabi` and chain list from our own store, so that tools work that
 * know Etherscan alone. What is lacking is submitted and, for a while, waited for. Resolves to false,
 * with nothing answered, where the URL is none of Etherscan's.
 */
export async function answerEtherscan(
	context: EtherscanContext,
	exchange: Exchange,
	client: Client,
): Promise<boolean> {
	const { request, response } = exchange;
	const route = etherscanRoute(request.url);
	if (!route) return false;
	if (request.method === 'OPTIONS') {
		response.writeHead(204, preflight).end();
	} else if (!methods[route].includes(request.method ?? '')) {
		const sentence = failedText(`${request.method} does nothing here; ask with GET.`);
		sendNotOk(exchange, sentence, { allow: [...methods[route], 'OPTIONS'].join(', ') }, 405);
	} else if (route === 'chain-list') {
		const api = `${baseUrl(request)}/v2/api`;
		sendJson(exchange, chainListBody(context.chains.list(), api, chainListComment));
	} else {
		await answerCall(context, exchange, client);
	}
	return true;
}

async function answerCall(
	context: EtherscanContext,
	exchange: Exchange,
	client: Client,
): Promise<void> {
	const { request, response } = exchange;
	const left = new AbortController();
	response.once('close', () => left.abort());
	let parameters: Parameters | null;
	try {
		parameters = await readParameters(request, context.maxBodyBytes);
	} catch (error) {
		// A client that goes away in the midst of its form is no fault.
		if (request.destroyed && !request.complete) return;
		throw error;
	}
	if (!parameters) {
		const sentence = `A form may have ${context.maxBodyBytes} bytes.`;
		return sendNotOk(exchange, failedText(sentence), { connection: 'close' }, 413);
	}
	const call = readCall(parameters, context.chains);
	if ('refusal' in call) return sendNotOk(exchange, call.refusal);
	const asker = await askerOf(context, parameters, client);
	if (!asker) return sendNotOk(exchange, refusals.invalidKey);
	try {
		const mayChange = context.origins.mayChange(request.headers);
		const waiter = { client: asker, mayChange, left: left.signal };
		if (call.action === 'getcontractcreation') {
			const find = (key: ContractKey) => findContract(context, key, waiter);
			return sendCreations(exchange, await Promise.all(call.keys.map(find)));
		}
		const contract = await findContract(context, call.key, waiter);
		if (!contract) return sendNotOk(exchange, failedText(elsewhere), {}, 403);
		if (!response.destroyed) await sendContract(context, exchange, call.action, contract, asker);
	} catch (error) {
		if (!(error instanceof DomainError) || error.code === 'BAD_USER_INPUT') throw error;
		if (error.code === 'UNAUTHENTICATED') return sendNotOk(exchange, refusals.invalidKey);
		sendBusy(exchange, error.message, error.retryAfter ?? 1);
	}
}

/**
 * The holder of the key in `apikey`, or whoever sent the request: tools send some key always, so that one that is not ours
 * says nothing where none is needed. Null: one is needed.
 */
async function askerOf(
	{ clients, access }: EtherscanContext,
	parameters: Parameters,
	client: Client,
): Promise<Client | null> {
	const key = client.key ? '' : parameters('apikey');
	const holder = key ? await clients.holding(key) : null;
	if (holder) return holder;
	return access === 'keys-for-all' && !client.key ? null : client;
}

/** Of those of which an upstream has told it. */
function sendCreations(exchange: Exchange, contracts: readonly (Contract | null)[]): void {
	if (exchange.response.destroyed) return;
	const found = contracts.filter((contract) => contract !== null);
	const rows = found.flatMap((contract) => creationRow(contract) ?? []);
	const busy = found.map(outcomeOf).find((outcome) => outcome.kind === 'busy');
	if (rows.length > 0) sendOk(exchange, rows);
	else if (busy) sendBusy(exchange, busy.why, busy.seconds);
	else sendJson(exchange, noDataBody);
}

async function sendContract(
	{ sources, turns }: EtherscanContext,
	exchange: Exchange,
	action: 'getsourcecode' | 'getabi',
	contract: Contract,
	{ line }: Client,
): Promise<void> {
	const outcome = outcomeOf(contract);
	const asksAbi = action === 'getabi';
	switch (outcome.kind) {
		case 'source': {
			const { source } = outcome;
			const [abi = null] = source.abiHash ? await sources.readAbis([source.abiHash]) : [];
			if (asksAbi) return sendOk(exchange, JSON.stringify(abi ?? []));
			if (source.size > heavyBytes) await turns.take(takerOf(exchange, line));
			const [standardJson] = await sources.readStandardJsons([source.hash]);
			if (!standardJson) throw new Error(`source ${source.hash} is named but not stored`);
			const { argumentsHash } = source;
			const [given] = argumentsHash ? await sources.readArguments([argumentsHash]) : [];
			const constructorArguments = given ?? source.constructorArguments;
			return sendOk(exchange, [toItem({ ...source, constructorArguments }, standardJson, abi)]);
		}
		case 'not-verified':
			return asksAbi
				? sendNotOk(exchange, refusals.notVerified)
				: sendOk(exchange, [unverifiedItemOf(outcome.implementation)]);
		case 'busy':
			return sendBusy(exchange, outcome.why, outcome.seconds);
		case 'failed':
			return sendNotOk(exchange, outcome.text);
		default:
			return outcome satisfies never;
	}
}

const elsewhere =
	'A web page of another origin may read here what is stored, and not have more fetched.';

const methods: Record<Route, readonly string[]> = {
	api: ['GET', 'HEAD', 'POST'],
	'chain-list': ['GET', 'HEAD'],
};
const chainListComment =
	'Chains that this server takes contracts of; apiurl is this server itself.';
const preflight = {
	allow: 'GET, HEAD, POST, OPTIONS',
	'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
	'access-control-allow-headers': 'Content-Type, Authorization, X-Api-Key',
	'access-control-max-age': '86400',
};
