import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/** The address of who sends a request: of the connection, or as the outermost proxy that is trusted names it. */
export function createAddressReader(
	trustedProxies: readonly string[],
): (request: IncomingMessage) => string {
	if (trustedProxies.length === 0) return ({ socket }) => socket.remoteAddress ?? 'unknown';
	const isTrusted = proxyAddr.compile([...trustedProxies]);
	return (request) => proxyAddr(request, isTrusted);
}

/** What one client is: an address of IPv4, a network of 64 bits of IPv6, from which its holder has addresses at will. */
export function networkOf(address: string): string {
	// A proxy may write anything.
	if (!ipaddr.isValid(address)) return 'unknown';
	const parsed = ipaddr.process(address);
	if (parsed instanceof ipaddr.IPv4) return parsed.toString();
	return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}
