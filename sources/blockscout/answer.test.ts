import { expect, test } from 'vitest';
import { unverified, verified } from '../../test/harness/blockscout-contract.ts';
import type { FailureClass } from '../failure.ts';
import { readAnswer } from './answer.ts';

const refusalOf = (status: number, body: string, headers = {}) => {
	const reading = readAnswer({ status, headers: new Headers(headers), body });
	if ('contract' in reading) throw new Error('a contract, not a refusal');
	return reading.refusal;
};
const said = (message: string) => JSON.stringify({ message });
const pro = (error: string, source = 'internal') => JSON.stringify({ error, source });

const refusals: [number, string, FailureClass][] = [
	[404, said('Not found'), 'UNVERIFIED'],
	[422, said('Invalid parameter(s)'), 'BAD_REQUEST'],
	[400, said('Invalid address hash'), 'BAD_REQUEST'],
	[403, said('Restricted access'), 'BLOCKED'],
	[429, said('Too many requests. Increase limits now at https://dev.blockscout.com'), 'RATE_LIMIT'],
	[401, said('Unauthorized'), 'INVALID_KEY'],
	[403, said('Invalid API key'), 'INVALID_KEY'],
	[500, said('Internal server error'), 'TRANSIENT'],
	[500, said('Not found'), 'TRANSIENT'],
	[200, said('Something new'), 'UNKNOWN'],
	[200, said('Not found'), 'UNKNOWN'],
	[404, said('Something new'), 'UNKNOWN'],
	[418, said('I am a teapot'), 'UNKNOWN'],
	[404, pro('Network not supported'), 'CHAIN'],
	[404, pro('Not found'), 'BAD_REQUEST'],
	[401, pro('Unauthorized'), 'INVALID_KEY'],
	[401, pro('API key is required'), 'INVALID_KEY'],
	[402, pro('Out of credits'), 'DAILY_QUOTA'],
	[402, '{"error":"Out of credits"}', 'DAILY_QUOTA'],
	[429, pro('Too many requests'), 'RATE_LIMIT'],
	[500, pro('Internal server error'), 'TRANSIENT'],
	[502, pro('Bad gateway', 'upstream'), 'TRANSIENT'],
	[503, pro('Service unavailable', 'upstream'), 'TRANSIENT'],
	[503, pro('Upstream service temporarily unavailable', 'upstream'), 'TRANSIENT'],
	[504, pro('Gateway timeout', 'upstream'), 'TRANSIENT'],
	[404, '<html>Not found</html>', 'UNKNOWN'],
	[404, 'Not found', 'UNKNOWN'],
	[404, '"Not found"', 'UNKNOWN'],
	[404, '', 'UNKNOWN'],
	[404, '{"message":"Not fo', 'UNKNOWN'],
	[404, '[{"message":"Not found"}]', 'UNKNOWN'],
	[404, JSON.stringify(unverified), 'UNKNOWN'],
	[403, '<html>Forbidden</html>', 'BLOCKED'],
	[403, '<html>Sorry, you have been blocked</html>', 'BLOCKED'],
	[503, '<!DOCTYPE html><title>Just a moment...</title>', 'BLOCKED'],
	[502, '<html>Bad Gateway</html>', 'TRANSIENT'],
	[408, '', 'TRANSIENT'],
	[301, '', 'REDIRECT'],
	[200, '<html>Welcome</html>', 'TRANSIENT'],
	[200, '', 'TRANSIENT'],
	[200, 'null', 'TRANSIENT'],
	[200, '[]', 'TRANSIENT'],
	[200, '{}', 'TRANSIENT'],
	[200, JSON.stringify(verified).slice(0, -9), 'TRANSIENT'],
	[500, JSON.stringify(verified), 'TRANSIENT'],
];

test.each(refusals)('HTTP %d with %j is %s', (status, body, name) => {
	expect(refusalOf(status, body).class).toBe(name);
});

test.each([verified, unverified, { is_verified: false }, { creation_bytecode: null }])(
	'an answer about a contract is handed on: %#',
	(contract) => {
		const body = JSON.stringify(contract);
		expect(readAnswer({ status: 200, headers: new Headers(), body })).toEqual({ contract });
	},
);

test('words in a source are no error', () => {
	const contract = {
		...verified,
		source_code: '{"message":"Not found"} Out of credits',
		error: 'x',
	};
	const body = JSON.stringify(contract);
	expect(readAnswer({ status: 200, headers: new Headers(), body })).toEqual({ contract });
});

test.each([
	[{ 'x-ratelimit-reset': '2500' }, '3'],
	[{ 'x-ratelimit-reset': '1' }, '1'],
	[{ 'x-ratelimit-reset': '-1' }, null],
	[{ 'x-ratelimit-reset': '0' }, null],
	[{ 'x-ratelimit-reset': '1800000000' }, null],
	[{ 'x-ratelimit-reset': 'soon' }, null],
	[{ 'x-ratelimit-reset': '2500', 'retry-after': '7' }, '7'],
	[{}, null],
])('%j asks for %j seconds', (headers, seconds) => {
	expect(refusalOf(429, said('Too many requests.'), headers).retryAfter).toBe(seconds);
});
