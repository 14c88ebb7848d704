import { type Address, addressOrNull } from '../../domain/address.ts';

/** The addresses among `values`, each once, without the zero address and the contract itself. */
export function otherAddresses(values: readonly unknown[], self: Address | null): Address[] {
	const addresses = values
		.map((value) => (typeof value === 'string' ? addressOrNull(value) : null))
		.filter((address) => address !== null)
		.filter((address) => address !== self && !/^0x0*$/.test(address));
	return [...new Set(addresses)];
}
