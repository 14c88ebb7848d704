import type { IncomingMessage } from 'node:http';
import { isAddress } from 'viem';
import { refusals } from '../../../sources/etherscan/format.ts';
import { isSupportedChain } from '../chains.ts';
import type { EmulatedContracts } from '../contracts.ts';
import { ok } from '../etherscan/refusals.ts';
import { createGate, type KeyLimits, type Standing } from '../keys.ts';
import type { Admission, Protocol, Target } from '../protocol.ts';
import { json, type Reply } from '../reply.ts';
import {
	noNetwork,
	outOfCredits,
	proError,
	restMessage,
	rpcError,
	tooManyRequests,
} from './errors.ts';
import { type BlockscoutContract, toRpcItem } from './form.ts';

const creditsPerCall = 20;
const freeCalls = 5_000;

/** Blockscout as PRO, with keys, and as one instance for each chain, without. */
export function blockscoutProtocol(
	limits: KeyLimits,
	contracts: EmulatedContracts<BlockscoutContract>,
): Protocol<BlockscoutCall> {
	const clock = () => performance.now();
	const ofKey = createGate(limits, clock);
	const ofInstance = createGate({ rate: limits.rate }, clock);

	return {
		read: readCall,
		admit(call) {
			if (call.host === 'instance') {
				return admission(ofInstance(call.chainId), { rate: limits.rate });
			}
			if (!isSupportedChain(call.chainId)) return { refused: noNetwork() };
			const standing = ofKey(call.apiKey);
			const left = (limits.daily || freeCalls) - standing.used;
			const credits = { 'x-credits-remaining': String(Math.max(0, left) * creditsPerCall) };
			const admitted = admission(standing, limits);
			return { ...admitted, headers: { ...admitted.headers, ...credits } };
		},
		answer: (call) => answer(call, contracts),
	};
}

function admission(standing: Standing, { rate = 0 }: Pick<KeyLimits, 'rate'>): Admission {
	const headers = {
		'x-ratelimit-limit': String(rate === 0 ? -1 : rate),
		'x-ratelimit-remaining': String(rate === 0 ? -1 : Math.max(0, rate - standing.recent)),
		'x-ratelimit-reset': String(standing.resetMs),
	};
	return { refused: refusalOf(standing, rate), headers };
}

function refusalOf({ refusal }: Standing, rate: number): Reply | undefined {
	switch (refusal) {
		case undefined:
			return undefined;
		case 'no-key':
		case 'bad-key':
		case 'key-attempts':
			return proError(401, 'Unauthorized', 'internal');
		case 'daily':
			return outOfCredits();
		case 'rate':
			return tooManyRequests(rate);
		default:
			return refusal satisfies never;
	}
}

async function answer(
	call: BlockscoutCall,
	contracts: EmulatedContracts<BlockscoutContract>,
): Promise<Reply> {
	const { api, address, chainId } = call;
	if (api === 'none') {
		return call.host === 'pro'
			? proError(404, 'Not found', 'internal')
			: restMessage(404, 'Not found');
	}
	const good = isAddress(address, { strict: false });
	if (api === 'rest') {
		if (!good) return restMessage(422, 'Invalid parameter(s)');
		const contract = await contracts.find(chainId, address);
		return contract ? json(contract) : restMessage(404, 'Not found');
	}
	if (call.module !== 'contract') return rpcError('Unknown module');
	if (call.action !== 'getsourcecode' && call.action !== 'getabi')
		return rpcError('Unknown action');
	if (address === '') return rpcError('Query parameter address is required');
	if (!good) return rpcError('Invalid address hash');
	const contract = await contracts.find(chainId, address);
	if (call.action === 'getabi') {
		return contract ? ok(JSON.stringify(contract.abi)) : rpcError(refusals.notVerified);
	}
	return ok([contract ? toRpcItem(address, contract) : { Address: address.toLowerCase() }]);
}

/** What is asked of Blockscout, by any of its ways in. */
export interface BlockscoutCall extends Target {
	/** PRO has all chains and wants a key; an instance has one chain and wants none. */
	host: 'pro' | 'instance';
	api: 'rest' | 'rpc' | 'none';
	module: string;
	action: string;
	apiKey: string;
}

/**
 * Reads a call: `/v2/api?chain_id=`, `/{chainId}/api…` of PRO, and `/instance/{chainId}/api…`, where
 * `/instance/{chainId}` stands for the host of one chain.
 */
export function readCall(request: IncomingMessage, path: URL): BlockscoutCall {
	const query = path.searchParams;
	const parameter = (name: string) => query.get(name) ?? '';
	const [, instance, chain = '', rest = ''] =
		/^(\/instance)?(?:\/(\d+))?(\/.*)$/.exec(path.pathname) ?? [];
	const host = instance ? 'instance' : 'pro';
	const named = parameter('chain_id') || parameter('chainid');
	const rpc = (chain === '' ? '/v2/api' : '/api') === rest.replace(/\/$/, '');
	const restAddress = chain && /^\/api\/v2\/smart-contracts\/([^/]+)\/?$/.exec(rest)?.[1];
	return {
		host,
		api: request.method !== 'GET' ? 'none' : rpc ? 'rpc' : restAddress ? 'rest' : 'none',
		chainId: chain === '' ? named : chain,
		address: rpc ? parameter('address') : (restAddress ?? ''),
		module: parameter('module').toLowerCase(),
		action: parameter('action').toLowerCase(),
		apiKey: parameter('apikey') || bearer(request.headers.authorization),
	};
}

function bearer(header = ''): string {
	return header.replace(/^Bearer\s+/i, '');
}
