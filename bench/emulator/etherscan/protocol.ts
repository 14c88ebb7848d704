import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type EtherscanItem, unverifiedItem } from '../../../sources/etherscan/format.ts';
import { isSupportedChain } from '../chains.ts';
import type { EmulatedContracts } from '../contracts.ts';
import { createKeyGuard, type KeyLimits } from '../keys.ts';
import type { Protocol } from '../protocol.ts';
import type { Reply } from '../reply.ts';
import { notOk, ok, refusals } from './refusals.ts';

/** Etherscan V2, in its order: chain, key and limits, then the contract. */
export function etherscanProtocol(
	limits: KeyLimits,
	contracts: EmulatedContracts<EtherscanItem>,
): Protocol<Call> {
	const refuseKey = createKeyGuard(limits, () => performance.now());
	return {
		read: readCall,
		admit(call) {
			if (!isSupportedChain(call.chainId)) return { refused: notOk(refusals.chain) };
			const text = refuseKey(call);
			return { refused: text === undefined ? undefined : notOk(text) };
		},
		answer: (call) => answer(call, contracts),
	};
}

async function answer(call: Call, contracts: EmulatedContracts<EtherscanItem>): Promise<Reply> {
	if (call.module !== 'contract') return notOk(refusals.module);
	if (call.action !== 'getsourcecode' && call.action !== 'getabi') return notOk(refusals.action);
	if (!/^0x[0-9a-fA-F]{40}$/.test(call.address)) return notOk(refusals.address);
	const item = (await contracts.find(call.chainId, call.address)) ?? unverifiedItem;
	if (call.action === 'getsourcecode') return ok([item]);
	return item.ABI === refusals.notVerified ? notOk(refusals.notVerified) : ok(item.ABI);
}

/** What a client asked for; an absent parameter is "". */
export interface Call {
	chainId: string;
	module: string;
	action: string;
	address: string;
	apiKey: string;
}

/** Reads a call; `chainid` counts in the query string only, also when the rest is posted. */
export async function readCall(request: IncomingMessage, url: URL): Promise<Call> {
	const posted = new URLSearchParams(request.method === 'POST' ? await text(request) : '');
	const parameter = (name: string) => url.searchParams.get(name) ?? posted.get(name) ?? '';
	return {
		chainId: url.searchParams.get('chainid') ?? '',
		module: parameter('module').toLowerCase(),
		action: parameter('action').toLowerCase(),
		address: parameter('address'),
		apiKey: parameter('apikey'),
	};
}
