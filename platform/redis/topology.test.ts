import { expect, test } from 'vitest';
import { redisAddress } from './topology.ts';

test('one host is left to the library as it is', () => {
	const url = 'rediss://user:p%40ss@one:6380/2';
	expect(redisAddress(url)).toEqual({ kind: 'one', url });
});

test('Sentinels are asked for a master by its name', () => {
	expect(redisAddress('redis+sentinel://:p%40ss@one,two:26380/main/3')).toEqual({
		kind: 'sentinel',
		options: {
			name: 'main',
			db: 3,
			password: 'p@ss',
			sentinelPassword: 'p@ss',
			sentinels: [
				{ host: 'one', port: 26379 },
				{ host: 'two', port: 26380 },
			],
		},
	});
});

test('Sentinels may have a password of their own, or none', () => {
	const own = redisAddress('rediss+sentinel://u:a@one/m?sentinelPassword=b&sentinelUsername=s');
	expect(own).toMatchObject({
		options: { password: 'a', sentinelPassword: 'b', sentinelUsername: 's', sentinelTLS: {} },
	});
	const none = redisAddress('redis+sentinel://:a@one/m?sentinelPassword=');
	expect(none).not.toHaveProperty('options.sentinelPassword');
});

test('a cluster is entered by any of the nodes', () => {
	expect(redisAddress('rediss+cluster://u:a@one:7000,[::1]')).toEqual({
		kind: 'cluster',
		nodes: [
			{ host: 'one', port: 7000 },
			{ host: '::1', port: 6379 },
		],
		options: { username: 'u', password: 'a', tls: {} },
	});
});
