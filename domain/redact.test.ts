import { describe, expect, test } from 'vitest';
import { createRedact, isSecretName } from './redact.ts';

const key = 'ab+c/d "e"&f';
const redact = createRedact(['KEY1', 'KEY1LONGER', key, '']);

describe('a secret is taken out', () => {
	test.each([
		['as it is', `x ${key} y`],
		['URL-encoded', `x ${encodeURIComponent(key)} y`],
		['URL-encoded in lower case', `x ${encodeURIComponent(key).toLowerCase()} y`],
		['as a form field', `x ${new URLSearchParams({ a: key }).toString().slice(2)} y`],
		['inside JSON', `x ${JSON.stringify(key).slice(1, -1)} y`],
		['in another case', `x ${key.toUpperCase()} y`],
		['whole, where another secret is its beginning', 'x KEY1LONGER y'],
	])('%s', (_how, text) => {
		expect(redact(text)).toBe('x [redacted] y');
	});

	test('wherever a query holds an API key, known or not', () => {
		expect(redact('GET /api?apikey=other&chainid=1')).toBe('GET /api?apikey=[redacted]&chainid=1');
	});
});

test('a text without secrets stays as it is', () => {
	expect(redact('Max rate limit reached')).toBe('Max rate limit reached');
	expect(createRedact([])('Max rate limit reached')).toBe('Max rate limit reached');
});

describe('what stands where a secret stands is taken out, known or not', () => {
	test.each([
		['the user of a URL', 'amqp://bob:hunter2@mq:5672/v', 'amqp://[redacted]@mq:5672/v'],
		[
			'a user with an @ in it',
			'redis+sentinel://:hun@ter2@a,b/m',
			'redis+sentinel://[redacted]@a,b/m',
		],
		['a token instead of a user', 'https://hunter2@host/x?y=1', 'https://[redacted]@host/x?y=1'],
		['a parameter', 'GET /x?access_token=hunter2&y=1', 'GET /x?access_token=[redacted]&y=1'],
		['a parameter called key', '/x?a=b&key=hunter2', '/x?a=b&key=[redacted]'],
		['a signature', '/x?X-Amz-Signature=hunter2&y', '/x?X-Amz-Signature=[redacted]&y'],
		['a header', 'Authorization: Basic hunter2, x', 'Authorization: [redacted]'],
		['a header of a key', 'x-api-key: hunter2\nhost: y', 'x-api-key: [redacted]\nhost: y'],
		['a header of a key without a dash', 'apikey: hunter2\nhost: y', 'apikey: [redacted]\nhost: y'],
		['a line of YAML', '  password: hunter2\n  x: 1', '  password: [redacted]\n  x: 1'],
		['cookies', 'cookie: a=hunter2; b=hunter2', 'cookie: [redacted]'],
		['a header in JSON', '{"cookie":"a=hunter2; b","x":1}', '{"cookie":"[redacted]","x":1}'],
		[
			'a header as inspected',
			"{ authorization: 'Bearer hunter2' }",
			"{ authorization: '[redacted]' }",
		],
		['a field of JSON', '{"password":"hun\\"ter2","x":1}', '{"password":"[redacted]","x":1}'],
		[
			'a field of JSON in JSON',
			'"{\\"token\\":\\"hunter2\\"}"',
			'"{\\"token\\":\\"[redacted]\\"}"',
		],
		['a quoted field', "client_secret='hunter2 and 2'", "client_secret='[redacted]'"],
		[
			'a bearer token',
			"['authorization', 'Bearer hunter2']",
			"['authorization', 'Bearer [redacted]']",
		],
		['a basic one', 'said Basic aHVudGVyMg== to it', 'said Basic [redacted] to it'],
	])('%s', (_what, text, clean) => {
		expect(createRedact([])(text)).toBe(clean);
		expect(createRedact([])(clean)).toBe(clean);
	});
});

test('ordinary text stays as it is', () => {
	const texts = [
		'https://api.etherscan.io/v2/api?chainid=1&module=contract&address=0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
		'Access denied for user "verifeed"@"%" (using password: YES)',
		'Unexpected token } in JSON at position 3; 3 tokens left',
		'    at file:///app/node_modules/@scope/x.js:12:3',
		'/contracts/1/0xabc/files/@openzeppelin/token/ERC20.sol',
	];
	for (const text of texts) expect(createRedact([])(text)).toBe(text);
});

test.each([
	...['password', 'apikey', 'API_KEY', 'x-api-key', 'Authorization', 'Set-Cookie', 'refreshToken'],
	...['client_secret', 'ETHERSCAN_API_KEYS', 'passphrase', 'db.password', 'pwd', 'credentials'],
])('%s is the name of a secret', (name) => {
	expect(isSecretName(name)).toBe(true);
});

test.each(['key', 'address', 'tokenId', 'author', 'passes', 'secretary', 'account'])(
	'%s is not',
	(name) => {
		expect(isSecretName(name)).toBe(false);
	},
);

describe('a hostile text of a megabyte costs no more than its length', () => {
	// Where time grew with its square, one of these would take minutes.
	test.each([
		...['a', ' ', '"', '\\', '\\"', ':', '/', '://', '://a', 'a@', '@', '=', ':"', "='"],
		...['token', 'token ', 'token=', 'token\\"', 'token":', 'token":"', 'token:  ', 'api_key ='],
		...['cookie', 'cookie:', 'cookie: "', 'authorization  ', 'bearer ', 'bearer', 'Basic A'],
		...[
			'?key=',
			'&key',
			'x-api-key',
			'secret\n',
			'password: ',
			"password='\\",
			'://:',
			'sessionid\t',
		],
	])('%j over and over', (part) => {
		const text = part.repeat(Math.ceil(1_000_000 / part.length));
		const redactOnce = createRedact(['KEY1', 'aaaaaaaab', 'tokentokenx']);
		for (const hostile of [text, `token="${text}`]) {
			redactOnce(hostile);
		}
	});
});
