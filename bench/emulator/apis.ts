import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
	chainListBody,
	chainListPath,
	type EtherscanItem,
	unverifiedItem,
} from '../../sources/etherscan/format.ts';
import { type RunningApi, runApi } from './api.ts';
import {
	type BlockscoutContract,
	emptyContract as emptyBlockscout,
	toBlockscout,
} from './blockscout/form.ts';
import { blockscoutProtocol } from './blockscout/protocol.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { chains } from './chains.ts';
import { openContracts } from './contracts.ts';
import { control, controlPath } from './control.ts';
import { toItem } from './etherscan/item.ts';
import { madeItem } from './etherscan/made-item.ts';
import { etherscanProtocol } from './etherscan/protocol.ts';
import type { ApiOptions, EtherscanOptions } from './protocol.ts';
import { json, send } from './reply.ts';
import {
	emptyContract as emptySourcify,
	type SourcifyContract,
	toSourcify,
} from './sourcify/form.ts';
import { sourcifyProtocol } from './sourcify/protocol.ts';

/** What all APIs of one emulator share. */
export interface Shared {
	/** Such as http://127.0.0.1:8545. */
	origin: string;
	contracts: readonly CatalogueEntry[];
	stopped: AbortSignal;
}

export interface RunningApis {
	etherscan: RunningApi<EtherscanItem>;
	sourcify: RunningApi<SourcifyContract>;
	blockscout: RunningApi<BlockscoutContract>;
}

/** The paths by which one port distinguishes the APIs; Etherscan has all the rest. */
export const sourcifyPath = '/server';
export const blockscoutPath = '/blockscout';

export function openEtherscan(
	shared: Shared,
	options: EtherscanOptions,
): RunningApi<EtherscanItem> {
	const prefix = options.verified?.toLowerCase();
	const contracts = openContracts(
		options.catalogue === false ? [] : shared.contracts,
		toItem,
		(address) => {
			const isMade = prefix !== undefined && address.toLowerCase().startsWith(prefix);
			return isMade ? madeItem(address) : undefined;
		},
	);
	return runApi({
		name: 'etherscan',
		url: `${shared.origin}/v2/api`,
		behaviour: options,
		protocol: etherscanProtocol(options, contracts),
		put: (chainId, address, item: Partial<EtherscanItem>) =>
			contracts.put(chainId, address, { ...unverifiedItem, ABI: '[]', ...item }),
		stopped: shared.stopped,
	});
}

export function openSourcify(shared: Shared, options: ApiOptions): RunningApi<SourcifyContract> {
	const contracts = openContracts(options.catalogue ? shared.contracts : [], toSourcify);
	return runApi({
		name: 'sourcify',
		url: `${shared.origin}${sourcifyPath}`,
		behaviour: options,
		protocol: sourcifyProtocol(options, contracts),
		put: (chainId, address, item: Partial<SourcifyContract>) =>
			contracts.put(chainId, address, { ...emptySourcify(chainId, address), ...item }),
		stopped: shared.stopped,
	});
}

export function openBlockscout(
	shared: Shared,
	options: ApiOptions,
): RunningApi<BlockscoutContract> {
	const contracts = openContracts(options.catalogue ? shared.contracts : [], toBlockscout);
	return runApi({
		name: 'blockscout',
		url: `${shared.origin}${blockscoutPath}`,
		behaviour: options,
		protocol: blockscoutProtocol(options, contracts),
		put: (chainId, address, item: Partial<BlockscoutContract>) =>
			contracts.put(chainId, address, { ...emptyBlockscout, ...item }),
		stopped: shared.stopped,
	});
}

/** Routes each request to its API, or to the controls. */
export function createRouter(apis: RunningApis, stopped: AbortSignal): RequestListener {
	async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(`http://emulator${request.url ?? '/'}`);
		const controls = below(url, controlPath);
		if (controls) return send(response, await control(request, controls, apis));
		const sourcify = below(url, sourcifyPath);
		if (sourcify) return apis.sourcify.serve(request, sourcify, response);
		const blockscout = below(url, blockscoutPath);
		if (blockscout) return apis.blockscout.serve(request, blockscout, response);
		if (url.pathname === chainListPath) {
			const api = `http://${request.headers.host}/v2/api`;
			const body = chainListBody(chains, api, 'List of supported chains, emulated');
			return send(response, json(body));
		}
		return apis.etherscan.serve(request, url, response);
	}

	return (request, response) => {
		route(request, response).catch((error: unknown) => {
			if (stopped.aborted || response.destroyed) return;
			console.error(error);
			send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'emulator' });
		});
	};
}

/** What stands behind the first part of a path, or undefined when it begins otherwise. */
function below(url: URL, start: string): URL | undefined {
	if (!url.pathname.startsWith(`${start}/`)) return undefined;
	const rest = new URL(url);
	rest.pathname = url.pathname.slice(start.length);
	return rest;
}
