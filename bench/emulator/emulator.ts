import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EtherscanItem } from '../../sources/etherscan/format.ts';
import type { Behaviour, DoorOptions } from './behaviour.ts';
import type { BlockscoutContract } from './blockscout/form.ts';
import { type CatalogueEntry, readCatalogue } from './catalogue.ts';
import type { Door } from './door.ts';
import type { DoorName } from './door-name.ts';
import { fetchContracts } from './load.ts';
import { openBlockscout, openEtherscan, openSourcify } from './open-doors.ts';
import { createRouter } from './router.ts';
import type { SourcifyContract } from './sourcify/form.ts';

/** What stands here itself is for Etherscan; the other doors have their own faults, limits and latency. */
export interface EmulatorOptions extends DoorOptions {
	/** 0, as when it is absent, takes a free one. */
	port?: number | undefined;
	host?: string | undefined;
	sourcify?: DoorOptions | undefined;
	blockscout?: DoorOptions | undefined;
}

/** `put` takes the form of the REST API, and the Etherscan-like one is made of it. */
export interface BlockscoutDoor extends Door<BlockscoutContract> {
	/** What a client takes for the host of one chain, such as `https://eth.blockscout.com`; it needs no key. */
	instanceUrl(chainId: number): string;
}

/**
 * The three upstreams on one port of this machine, with handles for tests; `await using` closes it.
 * The emulator is itself its Etherscan door, whose `url` is what a client takes for
 * `https://api.etherscan.io/v2/api`.
 */
export interface Emulator extends Door<EtherscanItem>, AsyncDisposable {
	/** The same as the emulator itself. */
	readonly etherscan: Door<EtherscanItem>;
	/** Its `url` is what a client takes for `https://sourcify.dev/server`. */
	readonly sourcify: Door<SourcifyContract>;
	/** Its `url` is what a client takes for `https://api.blockscout.com`. */
	readonly blockscout: BlockscoutDoor;
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
		const ground = { origin, contracts, stopped: stop.signal };
		const etherscan = openEtherscan(ground, options);
		const sourcify = openSourcify(ground, inherit('sourcify', options, options.sourcify));
		const blockscout = openBlockscout(ground, inherit('blockscout', options, options.blockscout));
		server.on('request', createRouter({ etherscan, sourcify, blockscout }, stop.signal));
		const instanceUrl = (chainId: number) => `${blockscout.door.url}/instance/${chainId}`;
		return Object.assign(etherscan.door, {
			etherscan: etherscan.door,
			sourcify: sourcify.door,
			blockscout: Object.assign(blockscout.door, { instanceUrl }),
			contracts,
			close,
			[Symbol.asyncDispose]: close,
		});
	} catch (error) {
		await close();
		throw error;
	}
}

/** One seed and one slowness for all, but no door fails just because another does. */
function inherit(name: DoorName, all: Behaviour, own: DoorOptions = {}): DoorOptions {
	const seed = `${name} ${own.seed ?? all.seed ?? ''}`;
	return { ...own, seed, slowness: own.slowness ?? all.slowness };
}
