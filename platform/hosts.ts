/**
 * The forms of a URL that may name several hosts, `scheme://user:password@one:1,two:2/path`: the same URL once for
 * each of them, in their order. A URL that names one host is given back as it is.
 */
export function eachHost(text: string): readonly string[] {
	const [, scheme = '', user = '', hosts = '', rest = ''] = form.exec(text) ?? [];
	if (!hosts.includes(',')) return [text];
	return hosts.split(',').map((host) => `${scheme}${user}${host.trim()}${rest}`);
}

const form = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?([^/?#@]*)(.*)$/is;

/** The name of a host and its port, as a socket takes them. */
export function hostAndPort(url: URL, port: number): { host: string; port: number } {
	return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || port };
}

/** What is wrong with a URL, without the URL; null when nothing is. */
export function mistakeInHosts(text: string, protocols: readonly string[]): string | null {
	const urls = eachHost(text.trim()).map((one) => URL.parse(one));
	const fits = urls.every((url) => url && protocols.includes(url.protocol) && isReadable(url));
	const [url] = urls;
	const named = url?.protocol.includes('+') || urls.length > 1;
	if (!url || !fits || (named && urls.some((one) => !one?.hostname))) {
		const forms = protocols.map((protocol) => `${protocol}//`).join(' or ');
		return `a URL that starts with ${forms} is expected, its password percent-encoded, several hosts separated by commas`;
	}
	if (/^rediss?:$/.test(url.protocol) && urls.length > 1) {
		const scheme = url.protocol.slice(0, -1);
		return `several hosts need ${scheme}+sentinel:// with the master's name as the path, or ${scheme}+cluster://`;
	}
	if (url.protocol.endsWith('+sentinel:') && !/^\/[^/]+(\/\d*)?$/.test(url.pathname)) {
		return "the name of the Sentinels' master is expected as the path, and a database after it at the most";
	}
	if (url.protocol.endsWith('+cluster:') && url.pathname.length > 1) {
		return 'a Redis Cluster has one database only: no path is expected';
	}
	return null;
}

function isReadable(url: URL): boolean {
	try {
		decodeURIComponent(url.username + url.password + url.pathname);
		return true;
	} catch {
		return false;
	}
}
