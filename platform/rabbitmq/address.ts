import type { Options } from 'amqplib';
import { eachHost, hostAndPort } from '../hosts.ts';

/** Where the broker is: for `connect`, which looks at it anew at each attempt. */
export interface BrokerAddress {
	at: Options.Connect;
	/** The host in use is no good: the next attempt goes to the one after it, and round again. */
	next(): void;
}

/** Starts with the first host. A dead peer is noticed within seconds, unless the URL says otherwise. */
export function brokerAddress(text: string): BrokerAddress {
	const urls = eachHost(text).map((one) => new URL(one));
	const [first = new URL(text)] = urls;
	const { protocol, username, password, pathname, searchParams } = first;
	const standard = protocol === 'amqps:' ? 5671 : 5672;
	let index = 0;
	const host = () => hostAndPort(urls[index] ?? first, standard);
	const number = (name: string) => {
		const value = searchParams.get(name);
		return value === null ? {} : { [name]: Number(value) };
	};
	const locale = searchParams.get('locale');
	return {
		at: {
			protocol: protocol.slice(0, -1),
			get hostname() {
				return host().host;
			},
			get port() {
				return host().port;
			},
			// Without both, the library takes the broker's own defaults.
			...(username || password
				? { username: decodeURIComponent(username), password: decodeURIComponent(password) }
				: {}),
			vhost: pathname.slice(1),
			heartbeat: 10,
			...(locale === null ? {} : { locale }),
			...number('heartbeat'),
			...number('channelMax'),
			...number('frameMax'),
			...number('maxFrameSize'),
		},
		next() {
			index = (index + 1) % urls.length;
		},
	};
}
