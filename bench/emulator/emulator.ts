import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EtherscanItem } from '../../sources/etherscan/format.ts';
import type { EmulatedApi } from './api.ts';
import { createRouter, openBlockscout, openEtherscan, openSourcify } from './apis.ts';
import type { BlockscoutContract } from './blockscout/form.ts';
import { type CatalogueEntry, readCatalogue } from './catalogue.ts';
import { fetchContracts } from './load.ts';
import type { ApiName, ApiOptions, Behaviour, EtherscanOptions } from './protocol.ts';
import type { SourcifyContract } from './sourcify/form.ts';

/** What stands here itself is for Etherscan; the other APIs have their own faults, limits and latency. */
export interface EmulatorOptions extends EtherscanOptions {
	/** 0, as when it is absent, takes a free one. */
	port?: number | undefined;
	host?: string | undefined;
	sourcify?: ApiOptions | undefined;
	blockscout?: ApiOptions | undefined;
}

/** `put` takes the form of the REST API, and the Etherscan-like one is made of it. */
export interface EmulatedBlockscout extends EmulatedApi<BlockscoutContract> {
	/** What a client takes for the host of one chain, such as `https://eth.blockscout.com`; it needs no key. */
	instanceUrl(chainId: number): string;
}

/**
 * The three upstreams on one port of this machine, with handles for tests; `await using` closes it.
 * The emulator is itself its Etherscan API, whose `url` is what a client takes for
 * `https://api.etherscan.io/v2/api`.
 */
export interface Emulator extends EmulatedApi<EtherscanItem>, AsyncDisposable {
	/** The same as the emulator itself. */
	readonly etherscan: EmulatedApi<EtherscanItem>;
	/** Its `url` is what a client takes for `https://sourcify.dev/server`. */
	readonly sourcify: EmulatedApi<SourcifyContract>;
	/** Its `url` is what a client takes for `https://api.blockscout.com`. */
	readonly blockscout: EmulatedBlockscout;
	/** The real contracts of the catalogue. */
	readonly contracts: readonly CatalogueEntry[];
	/** Ends all that is under way, hanging and held calls too. */
	close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const contracts = readCatalogue();
	await fetchContracts();
	const stop = new AbortController();
	const server = createServer();
	const { host = '127.0.0.1', port = 0 } = options;
	server.listen(port, host);
	await once(server, 'listening');
	// A server that listens on a port has an address of this kind.
	const bound = server.address() as AddressInfo;
	const origin = `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;

	async function close(): Promise<void> {
		if (stop.signal.aborted) return;
		stop.abort();
		server.close();
		server.closeAllConnections();
		await once(server, 'close');
	}

	try {
		const shared = { origin, contracts, stopped: stop.signal };
		const etherscan = openEtherscan(shared, options);
		const sourcify = openSourcify(shared, inherit('sourcify', options, options.sourcify));
		const blockscout = openBlockscout(shared, inherit('blockscout', options, options.blockscout));
		server.on('request', createRouter({ etherscan, sourcify, blockscout }, stop.signal));
		const instanceUrl = (chainId: number) => `${blockscout.api.url}/instance/${chainId}`;
		return Object.assign(etherscan.api, {
			etherscan: etherscan.api,
			sourcify: sourcify.api,
			blockscout: Object.assign(blockscout.api, { instanceUrl }),
			contracts,
			close,
			[Symbol.asyncDispose]: close,
		});
	} catch (error) {
		await close();
		throw error;
	}
}

/** One seed and one slowness for all, but no API fails just because another does. */
function inherit(name: ApiName, all: Behaviour, own: ApiOptions = {}): ApiOptions {
	const seed = `${name} ${own.seed ?? all.seed ?? ''}`;
	return { ...own, seed, slowness: own.slowness ?? all.slowness };
}
