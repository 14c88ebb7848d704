import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

export interface Addresses {
	/** The address of who sends a request: of the connection, or as the outermost proxy that is trusted names it. */
	of(request: IncomingMessage): string;
	/** Whether a connection from there carries the requests of others. */
	isProxy(address: string): boolean;
}

export function createAddresses(trustedProxies: readonly string[]): Addresses {
	if (trustedProxies.length === 0) {
		return { of: ({ socket }) => socket.remoteAddress ?? 'unknown', isProxy: () => false };
	}
	const isTrusted = proxyAddr.compile([...trustedProxies]);
	return {
		of: (request) => proxyAddr(request, isTrusted),
		isProxy: (address) => ipaddr.isValid(address) && isTrusted(address, 0),
	};
}

/** What one client is: an address of IPv4, a network of 64 bits of IPv6, from which its holder has addresses at will. */
export function networkOf(given: string): string {
	// Some proxies write a port too.
	const address = given.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
	// A proxy may write anything.
	if (!ipaddr.isValid(address)) return 'unknown';
	const parsed = ipaddr.process(address);
	if (parsed instanceof ipaddr.IPv4) return parsed.toString();
	return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}
