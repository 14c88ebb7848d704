import { LRUCache } from 'lru-cache';
import { checksum } from 'ox/Address';
import { badInput } from './errors.ts';

declare const brand: unique symbol;
/** A checked contract address in lower case: 0x and 40 hex digits. */
export type Address = `0x${string}` & { readonly [brand]: 'Address' };

/**
 * Reads an address as a person or a program wrote it: 0x and 40 hex digits in any case, but mixed
 * case must carry a valid EIP-55 checksum. Throws a `BAD_USER_INPUT` that says what to fix.
 */
export function parseAddress(text: string): Address {
	if (!/^0x/i.test(text)) {
		throw badInput(`${quote(text)} is not an address: it has to start with 0x.`);
	}
	const digits = text.slice(2);
	const wrong = /[^0-9a-f]/i.exec(digits);
	if (wrong) {
		throw badInput(
			`${quote(text)} is not an address: ${quote(wrong[0])} at position ${wrong.index + 3} is not a hex digit (0-9, a-f).`,
		);
	}
	if (digits.length !== 40) {
		throw badInput(
			`${quote(text)} is not an address: it has ${digits.length} hex digits after 0x, an address has 40.`,
		);
	}
	const address = `0x${digits.toLowerCase()}` as Address;
	const mixed = /[a-f]/.test(digits) && /[A-F]/.test(digits);
	if (mixed && checksummed(address) !== `0x${digits}`) {
		throw badInput(
			`${quote(text)} has a wrong EIP-55 checksum: one of its characters is mistyped. Copy it again, or write it all in lower case if you are sure of it.`,
		);
	}
	return address;
}

/** It costs a hash, and few addresses are asked for again and again. */
const forms = new LRUCache<Address, string>({ max: 10_000 });

/** The same address in the EIP-55 form in which it is shown to people. */
export function checksummed(address: Address): string {
	const before = forms.get(address);
	if (before) return before;
	const form = checksum(address);
	forms.set(address, form);
	return form;
}

/** The address that an upstream mentions, or null where what it says is none. */
export function addressOrNull(text: string | null | undefined): Address | null {
	const digits = /^(?:0x)?([0-9a-f]{40})$/i.exec(text?.trim() ?? '')?.[1];
	return digits === undefined ? null : (`0x${digits.toLowerCase()}` as Address);
}

function quote(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
