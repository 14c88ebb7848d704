import { isIP } from 'node:net';

/** Whether a request may have this `Host`. */
export type HostCheck = (host: string | undefined) => boolean;

/**
 * Only names that are expected: a page of anybody's can make its own name lead to this machine, and would then be of the same origin
 * as what is served here. An IP address leads nowhere else, and whoever names no host is no browser.
 */
export function createHostCheck(
	allowed: readonly string[] | undefined,
	listensOn: string,
): HostCheck {
	const names = new Set(allowed ?? [isLoopback(listensOn) ? 'localhost' : '*']);
	if (names.has('*')) return () => true;
	/** Most requests say the same as the one before. */
	let last: string | undefined;

	function isExpected(host: string): boolean {
		const name = host.toLowerCase().replace(/\.?(?::\d*)?$/, '');
		if (name === '' || names.has(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0) return true;
		return names.has('localhost') && name.endsWith('.localhost');
	}

	return (host = '') => {
		if (host === last) return true;
		if (!isExpected(host)) return false;
		last = host;
		return true;
	};
}

function isLoopback(address: string): boolean {
	return /^(?:localhost|::1|127\.[\d.]+)$/.test(address);
}
