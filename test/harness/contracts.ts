import { randomBytes } from 'node:crypto';
import type { Emulator } from '../../bench/emulator/emulator.ts';
import { type Address, checksummed, parseAddress } from '../../domain/address.ts';

/** Real ones that the emulator serves. */
export const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
export const eas = '0xA1207F3BBa224E2c9c3c6D5aF63D0eb1582Ce587';

export function randomAddress(): Address {
	return parseAddress(`0x${randomBytes(20).toString('hex')}`);
}

/** An address of its own with a small verified source at the emulator; checksummed. */
export function verified(emulator: Emulator, source = 'contract T {}\n', name = 'T'): string {
	const address = randomAddress();
	emulator.put(1, address, {
		SourceCode: source,
		ABI: '[]',
		ContractName: name,
		CompilerVersion: 'v0.8.9+commit.e5eed63a',
		OptimizationUsed: '1',
		Runs: '200',
		EVMVersion: 'Default',
	});
	return checksummed(address);
}
