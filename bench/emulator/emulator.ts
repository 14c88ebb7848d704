import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from './behaviour.ts';
import { type CatalogueEntry, contractKey, readCatalogue } from './catalogue.ts';
import { createHandler } from './handler.ts';
import type { EtherscanItem } from './item.ts';
import { openLibrary } from './library.ts';
import { createScript, type Hold, type Injection } from './script.ts';
import { createTally } from './tally.ts';

export interface EmulatorOptions extends Behaviour {
	/** 0, as when it is absent, takes a free one. */
	port?: number | undefined;
	host?: string | undefined;
}

/** Etherscan V2 on this machine, with handles for tests; `await using` closes it. */
export interface Emulator extends AsyncDisposable {
	/** What a client takes for `https://api.etherscan.io/v2/api`. */
	readonly url: string;
	/** The real contracts that are served. */
	readonly contracts: readonly CatalogueEntry[];
	/** Calls that arrived, refused ones included. */
	readonly total: number;
	readonly maxPerSecond: number;
	calls(chainId: number, address: string): number;
	/** Spoils the next answers for an address, one each; after that it answers as before. */
	inject(chainId: number, address: string, faults: Injection | readonly Injection[]): void;
	/** Keeps the answer to the next call for an address back until it is released. */
	hold(chainId: number, address: string): Hold;
	/** Verifies a contract that only this emulator has; what is not given is "". */
	put(chainId: number, address: string, item: Partial<EtherscanItem>): void;
	/** Ends all that is under way, hanging and held calls too. */
	close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const contracts = readCatalogue();
	const library = openLibrary(contracts);
	const script = createScript();
	const tally = createTally(() => performance.now());
	const stop = new AbortController();
	const server = createServer(
		createHandler({ behaviour: options, library, script, tally, stopped: stop.signal }),
	);
	const { host = '127.0.0.1', port = 0 } = options;
	server.listen(port, host);
	await once(server, 'listening');
	// A server that listens on a port has an address of this kind.
	const bound = server.address() as AddressInfo;

	async function close(): Promise<void> {
		if (stop.signal.aborted) return;
		stop.abort();
		server.close();
		server.closeAllConnections();
		await once(server, 'close');
	}

	return {
		url: `http://${host}:${bound.port}/v2/api`,
		contracts,
		get total() {
			return tally.total;
		},
		get maxPerSecond() {
			return tally.maxPerSecond;
		},
		calls: (chainId, address) => tally.calls(contractKey(chainId, address)),
		inject: (chainId, address, faults) =>
			script.inject(contractKey(chainId, address), isList(faults) ? faults : [faults]),
		hold: (chainId, address) => script.hold(contractKey(chainId, address)),
		put: library.put,
		close,
		[Symbol.asyncDispose]: close,
	};
}

function isList(faults: Injection | readonly Injection[]): faults is readonly Injection[] {
	return Array.isArray(faults);
}
