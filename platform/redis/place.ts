import type { RedisOptions } from 'ioredis';
import { eachHost, hostAndPort } from '../hosts.ts';

export interface RedisNode {
	host: string;
	port: number;
}

/** What kind of Redis a URL names, and what a connection to it is opened with. */
export type RedisPlace =
	| { kind: 'one'; url: string }
	/** The Sentinels say which server it is. */
	| { kind: 'sentinel'; options: RedisOptions }
	/** Any of its nodes knows the others. */
	| { kind: 'cluster'; nodes: readonly RedisNode[]; options: RedisOptions };

/** For a URL that `readConfig` has passed. */
export function redisPlace(text: string): RedisPlace {
	const urls = eachHost(text).map((one) => new URL(one));
	const [url = new URL(text)] = urls;
	if (!url.protocol.includes('+')) return { kind: 'one', url: text };
	const secure = url.protocol.startsWith('rediss+');
	const username = decodeURIComponent(url.username);
	const password = decodeURIComponent(url.password);
	const options: RedisOptions = {
		...(username && { username }),
		...(password && { password }),
		...(secure && { tls: {} }),
	};
	if (url.protocol.endsWith('+cluster:')) {
		return { kind: 'cluster', nodes: urls.map((one) => hostAndPort(one, 6379)), options };
	}
	const [name = '', database = ''] = decodeURIComponent(url.pathname.slice(1)).split('/');
	const sentinelUsername = url.searchParams.get('sentinelUsername');
	const sentinelPassword = url.searchParams.get('sentinelPassword') ?? password;
	return {
		kind: 'sentinel',
		options: {
			...options,
			name,
			db: Number(database),
			sentinels: urls.map((one) => hostAndPort(one, 26379)),
			...(sentinelUsername && { sentinelUsername }),
			...(sentinelPassword && { sentinelPassword }),
			...(secure && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
		},
	};
}
