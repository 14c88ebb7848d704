import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export function keccakHex(text: string): string {
	return bytesToHex(keccak_256(new TextEncoder().encode(text)));
}

/** The EIP-55 form of 0x and 40 hex digits. */
export function checksummed(address: string): string {
	const digits = address.slice(2).toLowerCase();
	const hash = keccakHex(digits);
	const cased = [...digits].map((digit, at) =>
		Number.parseInt(hash[at] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
	);
	return `0x${cased.join('')}`;
}
