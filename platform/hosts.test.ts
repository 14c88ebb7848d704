import { describe, expect, test } from 'vitest';
import { createRedact } from '../domain/redact.ts';
import { ConfigError, readConfig } from './config.ts';
import { eachHost } from './hosts.ts';
import { secretsOf } from './telemetry/log/clean.ts';

const least = {
	MYSQL_URL: 'mysql://h/d',
	RABBITMQ_URL: 'amqp://h',
	REDIS_URL: 'redis://h',
};

describe('several hosts in one URL', () => {
	test('are the same URL for each of them', () => {
		expect(eachHost('amqp://user:p%2Cw@one:5672,two,[::1]:5673/vhost?heartbeat=5')).toEqual([
			'amqp://user:p%2Cw@one:5672/vhost?heartbeat=5',
			'amqp://user:p%2Cw@two/vhost?heartbeat=5',
			'amqp://user:p%2Cw@[::1]:5673/vhost?heartbeat=5',
		]);
	});

	test('one host stays as it is, commas elsewhere notwithstanding', () => {
		for (const url of ['mysql://a,b:c,d@one/x?ssl={"a":1,"b":2}', 'redis://h', 'no url', '']) {
			expect(eachHost(url)).toEqual([url]);
		}
	});
});

test.each([
	['MYSQL_URL', 'mysql://u:secret@one:3306,two/verifeed'],
	['RABBITMQ_URL', 'amqps://u:secret@one:5671,two,three/vhost'],
	['REDIS_URL', 'redis+sentinel://:secret@one:26379,two/main'],
	['REDIS_URL', 'rediss+sentinel://u:secret@one/main/2?sentinelPassword=other-secret'],
	['REDIS_URL', 'redis+cluster://u:secret@one:7000,two:7001'],
])('%s takes %s', (name, url) => {
	const config = readConfig({ ...least, [name]: url });
	expect(createRedact(secretsOf(config))(url)).not.toMatch(/secret/);
});

test.each([
	['REDIS_URL', 'redis://:hunter2@one,two', /redis\+sentinel:\/\/.*redis\+cluster:\/\//],
	['REDIS_URL', 'rediss://:hunter2@one,two', /rediss\+sentinel:\/\//],
	['REDIS_URL', 'redis+sentinel://:hunter2@one,two', /name of the Sentinels' master/],
	['REDIS_URL', 'redis+sentinel://:hunter2@one/main/nine', /name of the Sentinels' master/],
	['REDIS_URL', 'redis+cluster://:hunter2@one,two/1', /one database only/],
	['REDIS_URL', 'redis+cluster://:hunter2@', /is expected/],
	['RABBITMQ_URL', 'amqp://u:hunter2@one,,two/v', /separated by commas/],
	['RABBITMQ_URL', 'amqp://u:hunter2@one:port,two/v', /separated by commas/],
	['MYSQL_URL', 'mysql://u:hunter2%@one,two/v', /percent-encoded/],
])('%s refuses %s, without its value', (name, url, reason) => {
	const read = () => readConfig({ ...least, [name]: url });
	expect(read).toThrow(ConfigError);
	expect(read).toThrow(reason);
	expect(read).not.toThrow(/hunter2/);
});
