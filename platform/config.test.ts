import { expect, test } from 'vitest';
import { createRedact } from '../domain/redact.ts';
import { ConfigError, readConfig } from './config.ts';
import { secretsOf } from './telemetry/log/clean.ts';

const least = {
	MYSQL_URL: 'mysql://user:p%40ss-word@db/verifeed',
	RABBITMQ_URL: 'amqp://user:rabbit-secret@mq/vhost',
	REDIS_URL: 'redis://:redis-secret@cache:6379/0',
};

test('settings have defaults; an empty variable, as in a copied .env.example, is not set', () => {
	const config = readConfig({ ...least, HTTP_PORT: '', ETHERSCAN_API_KEYS: ' one, team:two,,' });
	expect(config).toMatchObject({
		HTTP_PORT: 4000,
		GRACE_MS: 15_000,
		ETHERSCAN_API_KEYS: [
			{ account: 'main', key: 'one' },
			{ account: 'team', key: 'two' },
		],
	});
});

test('every mistake is named at once, and no value is shown', () => {
	const wrong = { MYSQL_URL: 'postgres://u:hunter2@x/y', HTTP_PORT: '99999', LOG_LEVEL: 'loud' };
	const message = (() => {
		try {
			readConfig(wrong);
		} catch (error) {
			if (error instanceof ConfigError) return error.message;
		}
		return '';
	})();
	for (const name of [
		'MYSQL_URL',
		'RABBITMQ_URL: is not set',
		'REDIS_URL',
		'HTTP_PORT',
		'LOG_LEVEL',
	]) {
		expect(message).toContain(name);
	}
	expect(message).not.toMatch(/hunter2|99999|loud/);
});

test('a renamed setting is read by its former name too, and the new name goes first', () => {
	const former = { ...least, CENSUS_INTERVAL_MS: '5', DOOR_WAIT_MS: '6' };
	const both = { ...former, ETHERSCAN_API_WAIT_MS: '7', CONTRACT_COUNTS_INTERVAL_MS: '' };
	expect(readConfig(former)).toMatchObject({
		CONTRACT_COUNTS_INTERVAL_MS: 5,
		ETHERSCAN_API_WAIT_MS: 6,
	});
	expect(readConfig(both)).toMatchObject({
		CONTRACT_COUNTS_INTERVAL_MS: 5,
		ETHERSCAN_API_WAIT_MS: 7,
	});
	const wrong = () => readConfig({ ...least, DOOR_WAIT_MS: 'soon' });
	expect(wrong).toThrow('  DOOR_WAIT_MS: a whole number is expected');
});

test('a patience that is shorter than the time between pings is refused', () => {
	const read = () => readConfig({ ...least, PING_MS: '30000', DEAD_PEER_MS: '30000' });
	expect(read).toThrow('DEAD_PEER_MS: more than PING_MS is expected');
});

test('keys and passwords are replaced wherever they are, also as they stand in a URL', () => {
	const secrets = secretsOf(readConfig({ ...least, ETHERSCAN_API_KEYS: 'team:KEY-ONE' }));
	const basic = new URL(least.MYSQL_URL);
	const header = btoa(`${basic.username}:${decodeURIComponent(basic.password)}`);
	const text = `${Object.values(least).join(' ')} p@ss-word apikey=KEY-ONE, ${header}`;
	const clean = createRedact(secrets)(text);
	expect(clean).not.toMatch(/p@ss-word|p%40ss-word|rabbit-secret|redis-secret|KEY-ONE/);
	expect(clean).not.toContain(header);
});

test("a comma in an upstream's URL is a part of it, but where there is one for each chain", () => {
	const url = (user: string) => `https://${user}:secret-of-${user}@a.example/api?tags=a,b`;
	const config = readConfig({
		...least,
		ETHERSCAN_URL: url('one'),
		SOURCIFY_URL: url('two'),
		BLOCKSCOUT_URL: '1=https://x:secret-of-three@a.example, 10=https://y:secret-of-four@b.example',
	});
	expect(secretsOf(config).filter((text) => /^secret-of-\w+$/.test(text))).toEqual(
		['one', 'two', 'three', 'four'].map((name) => `secret-of-${name}`),
	);
});
