import { type EtherscanItem, unverifiedItem } from '../../sources/etherscan/format.ts';
import type { DoorOptions } from './behaviour.ts';
import {
	type BlockscoutContract,
	emptyContract as emptyBlockscout,
	toBlockscout,
} from './blockscout/form.ts';
import { speakBlockscout } from './blockscout/protocol.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { type OpenDoor, openDoor } from './door.ts';
import { speakEtherscan } from './etherscan-protocol.ts';
import { toItem } from './item.ts';
import { openShelf } from './shelf.ts';
import {
	emptyContract as emptySourcify,
	type SourcifyContract,
	toSourcify,
} from './sourcify/form.ts';
import { speakSourcify } from './sourcify/protocol.ts';

/** What all doors of one emulator share. */
export interface Ground {
	/** Such as http://127.0.0.1:8545. */
	origin: string;
	contracts: readonly CatalogueEntry[];
	stopped: AbortSignal;
}

export interface OpenDoors {
	etherscan: OpenDoor<EtherscanItem>;
	sourcify: OpenDoor<SourcifyContract>;
	blockscout: OpenDoor<BlockscoutContract>;
}

/** The paths by which one port tells the doors apart; Etherscan has all the rest. */
export const sourcifyPath = '/server';
export const blockscoutPath = '/blockscout';

export function openEtherscan(ground: Ground, options: DoorOptions): OpenDoor<EtherscanItem> {
	const shelf = openShelf(options.catalogue === false ? [] : ground.contracts, toItem);
	return openDoor({
		name: 'etherscan',
		url: `${ground.origin}/v2/api`,
		behaviour: options,
		protocol: speakEtherscan(options, shelf),
		put: (chainId, address, item: Partial<EtherscanItem>) =>
			shelf.put(chainId, address, { ...unverifiedItem, ABI: '[]', ...item }),
		stopped: ground.stopped,
	});
}

export function openSourcify(ground: Ground, options: DoorOptions): OpenDoor<SourcifyContract> {
	const shelf = openShelf(options.catalogue ? ground.contracts : [], toSourcify);
	return openDoor({
		name: 'sourcify',
		url: `${ground.origin}${sourcifyPath}`,
		behaviour: options,
		protocol: speakSourcify(options, shelf),
		put: (chainId, address, item: Partial<SourcifyContract>) =>
			shelf.put(chainId, address, { ...emptySourcify(chainId, address), ...item }),
		stopped: ground.stopped,
	});
}

export function openBlockscout(ground: Ground, options: DoorOptions): OpenDoor<BlockscoutContract> {
	const shelf = openShelf(options.catalogue ? ground.contracts : [], toBlockscout);
	return openDoor({
		name: 'blockscout',
		url: `${ground.origin}${blockscoutPath}`,
		behaviour: options,
		protocol: speakBlockscout(options, shelf),
		put: (chainId, address, item: Partial<BlockscoutContract>) =>
			shelf.put(chainId, address, { ...emptyBlockscout, ...item }),
		stopped: ground.stopped,
	});
}
