import { describe, expect, test } from 'vitest';
import { SetupError } from '../services/setup-error.ts';
import { childEnvironment, givenUrls, readSettings } from './settings.ts';

describe('settings', () => {
	test('have their defaults', () => {
		expect(readSettings({})).toEqual({
			httpPort: 4000,
			metricsPort: 9464,
			etherscanKeys: 0,
			etherscanUrl: undefined,
			sources: ['etherscan', 'sourcify'],
		});
	});

	test('count the keys, not the commas', () => {
		expect(readSettings({ ETHERSCAN_API_KEYS: ' a, ,b,' }).etherscanKeys).toBe(2);
	});

	test('of the processes are looked at as well, and ports that would collide', () => {
		const read = () =>
			readSettings({ HTTP_PORT: '9465', LOG_LEVEL: 'loud', MYSQL_URL: 'nonsense' });
		expect(read).toThrow(/HTTP_PORT 9465 is also wanted for metrics.*MYSQL_URL.*LOG_LEVEL/s);
		expect(() => readSettings({ HTTP_PORT: '0x10' })).toThrow(/HTTP_PORT is "0x10"/);
	});

	test('all that is wrong is told at once, by name', () => {
		const read = () => readSettings({ HTTP_PORT: 'x', METRICS_PORT: '65535' });
		expect(read).toThrow(SetupError);
		expect(read).toThrow(/HTTP_PORT is "x".*\n.*METRICS_PORT is "65535".*65534/);
	});
});

test('a service variable that is empty is one that is not given', () => {
	expect(givenUrls({ MYSQL_URL: ' ', REDIS_URL: 'redis://h' })).toEqual({ REDIS_URL: 'redis://h' });
});

describe('the environment of a process', () => {
	test('has everything of ours, and what was found out wins', () => {
		const env = childEnvironment({ A: '1', METRICS_PORT: '9464' }, { METRICS_PORT: 9465 });
		expect(env).toEqual({ A: '1', METRICS_PORT: '9465' });
	});

	test('leaves out what is not known', () => {
		expect(childEnvironment({ A: '1' }, { A: undefined })).toEqual({ A: '1' });
	});
});
