import { expect, test } from 'vitest';
import { brokerAddress } from './connection.ts';

test('each attempt goes to the host whose turn it is, and round again', () => {
	const { at, next } = brokerAddress('amqp://user:p%40ss@one:5673,two/a%2Fb?frameMax=8192');
	expect(at).toMatchObject({ protocol: 'amqp', username: 'user', password: 'p@ss' });
	expect(at).toMatchObject({ vhost: 'a%2Fb', heartbeat: 10, frameMax: 8192 });
	const seen = [1, 2, 3].map(() => {
		const { hostname, port } = at;
		next();
		return `${hostname}:${port}`;
	});
	expect(seen).toEqual(['one:5673', 'two:5672', 'one:5673']);
});

test('one host is asked again and again, with what the URL leaves out left to the library', () => {
	const { at, next } = brokerAddress('amqps://[::1]?heartbeat=3');
	next();
	expect(at).toMatchObject({ protocol: 'amqps', hostname: '::1', port: 5671, heartbeat: 3 });
	expect(at.vhost).toBe('');
	expect(at).not.toHaveProperty('username');
});
