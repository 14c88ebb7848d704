import { describe, expect, test } from 'vitest';
import { asked, contract, notVerified } from '../../test/harness/sourcify-contract.ts';
import type { FailureClass } from '../failure.ts';
import { readAnswer } from './answer.ts';

const read = (body: string, status = 200, headers = {}) =>
	readAnswer({ status, headers: new Headers(headers), body }, asked.key);
const refusalOf = (body: string, status = 200, headers = {}) => {
	const reading = read(body, status, headers);
	if ('contract' in reading) throw new Error('a contract, not a refusal');
	return reading.refusal;
};
const error = (customCode: unknown, message: unknown = 'What happened') =>
	JSON.stringify({ customCode, message, errorId: 'c0ffee00-0000-4000-8000-000000000000' });
const absent = (changes: object = {}) => JSON.stringify({ ...notVerified, ...changes });

const codes: [string, number, FailureClass][] = [
	['unsupported_chain', 400, 'CHAIN'],
	['unsupported_chain', 404, 'CHAIN'],
	['unsupported_chain', 200, 'CHAIN'],
	['unsupported_chain', 500, 'TRANSIENT'],
	['invalid_parameter', 400, 'BAD_REQUEST'],
	['invalid_parameter', 502, 'TRANSIENT'],
	['invalid_json', 400, 'BAD_REQUEST'],
	['route_not_found', 404, 'BAD_REQUEST'],
	['job_not_found', 404, 'BAD_REQUEST'],
	['duplicate_verification_request', 429, 'TRANSIENT'],
	['too_many_requests', 429, 'RATE_LIMIT'],
	['too_many_requests', 503, 'RATE_LIMIT'],
	['already_verified', 409, 'UNKNOWN'],
	['internal_error', 500, 'TRANSIENT'],
	['etherscan_request_failed', 502, 'TRANSIENT'],
	['etherscan_limit', 429, 'TRANSIENT'],
	['not_etherscan_verified', 404, 'UNKNOWN'],
	['malformed_etherscan_response', 400, 'TRANSIENT'],
	['failed_to_get_bytecode', 502, 'TRANSIENT'],
	['cannot_fetch_bytecode', 404, 'TRANSIENT'],
	['proxy_resolution_error', 500, 'TRANSIENT'],
	['proxy_resolution_error', 200, 'TRANSIENT'],
	['a_code_that_nobody_has_seen', 400, 'UNKNOWN'],
	['a_code_that_nobody_has_seen', 404, 'UNKNOWN'],
	['a_code_that_nobody_has_seen', 429, 'RATE_LIMIT'],
	['a_code_that_nobody_has_seen', 500, 'TRANSIENT'],
	['__proto__', 404, 'UNKNOWN'],
	['constructor', 404, 'UNKNOWN'],
];

test.each(codes)('the code %s with HTTP %d is %s', (code, status, name) => {
	expect(refusalOf(error(code), status)).toMatchObject({
		class: name,
		text: `${code}: What happened`,
	});
	// Nulls beside a code do not make it the form of a contract.
	const beside = JSON.stringify({ ...notVerified, customCode: code });
	if (status === 404) expect(refusalOf(beside, status).class).toBe(name);
});

describe('a contract is not verified', () => {
	test.each([
		['in the form of nulls', absent()],
		['with a chain id that is a number', absent({ chainId: 1 })],
		['with the address in lower case', absent({ address: asked.key.address })],
		['with a null for every other field', absent({ abi: null, stdJsonInput: null, matchId: null })],
		['without an address', absent({ address: undefined, chainId: undefined })],
		['with nothing but a null match', '{"match":null}'],
		['with line ends around', `\r\n${absent()}\n`],
	])('%s', (_what, body) => {
		expect(refusalOf(body, 404).class).toBe('UNVERIFIED');
	});
});

const html = '<!DOCTYPE html><html><pre>Cannot GET /v2/contract/1/0x00</pre></html>';
const others: [string, string, number, FailureClass][] = [
	['an HTML page', html, 404, 'UNKNOWN'],
	['nothing', '', 404, 'UNKNOWN'],
	['null', 'null', 404, 'UNKNOWN'],
	['an empty object', '{}', 404, 'UNKNOWN'],
	['an empty list', '[]', 404, 'UNKNOWN'],
	['a message alone', '{"error":"Not Found","message":"Not Found"}', 404, 'UNKNOWN'],
	['v1 saying that it has no files', '{"error":"Files have not been found!"}', 404, 'UNKNOWN'],
	['the form of all chains', '{"results":[]}', 404, 'UNKNOWN'],
	['a null match beside sources', absent({ sources: { a: { content: '' } } }), 404, 'UNKNOWN'],
	['a null match beside a match', absent({ runtimeMatch: 'match' }), 404, 'UNKNOWN'],
	['a null match beside an id', absent({ matchId: '7' }), 404, 'UNKNOWN'],
	['no match', absent({ match: undefined }), 404, 'UNKNOWN'],
	['a match that is false', absent({ match: false }), 404, 'UNKNOWN'],
	['a whole contract', JSON.stringify(contract), 404, 'UNKNOWN'],
	['nulls for another address', absent({ address: `0x${'1'.repeat(40)}` }), 404, 'TRANSIENT'],
	['nulls for no address at all', absent({ address: 'here' }), 404, 'TRANSIENT'],
	['nulls for another chain', absent({ chainId: '10' }), 404, 'TRANSIENT'],
	['a chain id that is an object', absent({ chainId: { toString: 1 } }), 404, 'TRANSIENT'],
	['nulls cut short', absent().slice(0, -5), 404, 'UNKNOWN'],
	['nulls', absent(), 400, 'UNKNOWN'],
	['nulls', absent(), 403, 'BLOCKED'],
	['nulls', absent(), 429, 'RATE_LIMIT'],
	['nulls', absent(), 500, 'TRANSIENT'],
	['nulls', absent(), 302, 'REDIRECT'],
	['nulls for another address', absent({ address: `0x${'1'.repeat(40)}` }), 200, 'TRANSIENT'],
];

test.each(others)(
	'%s is not "not verified": %j with HTTP %d is %s',
	(_what, body, status, name) => {
		expect(refusalOf(body, status).class).toBe(name);
	},
);

const whole = JSON.stringify(contract);
const pages: [string, string, number, FailureClass][] = [
	['', '', 200, 'TRANSIENT'],
	['HTML', '<html>Welcome</html>', 200, 'TRANSIENT'],
	['an error page', '<html>Bad Gateway</html>', 502, 'TRANSIENT'],
	['a page of a firewall', '<html>Just a moment...</html>', 200, 'BLOCKED'],
	['a page of a firewall', '<title>Sorry, you have been blocked</title>', 403, 'BLOCKED'],
	['a page of a firewall', '\n<html>Just a moment...</html>', 404, 'BLOCKED'],
	['a page of a firewall', '<html>Just a moment...</html>', 503, 'BLOCKED'],
	['a refusal', '<html>Forbidden</html>', 403, 'BLOCKED'],
	['a demand for a password', '', 401, 'BLOCKED'],
	['a time-out', '', 408, 'TRANSIENT'],
	['a limit in front of the server', 'Too Many Requests', 429, 'RATE_LIMIT'],
	['a limit in front of the server', '<html>429</html>', 429, 'RATE_LIMIT'],
	['a redirect', '', 301, 'REDIRECT'],
	['a redirect with a contract', whole, 308, 'REDIRECT'],
	['nothing new', '', 304, 'REDIRECT'],
	['a contract beside an error', whole, 500, 'TRANSIENT'],
	['a teapot', 'short and stout', 418, 'UNKNOWN'],
	['a sign of life', 'Alive and kicking!', 200, 'TRANSIENT'],
	['JSON cut short', whole.slice(0, -40), 200, 'TRANSIENT'],
	['a message', '{"message":"hello"}', 200, 'TRANSIENT'],
	['an empty object', '{}', 200, 'TRANSIENT'],
	['a list', `[${whole}]`, 200, 'TRANSIENT'],
	['a text', JSON.stringify(whole), 200, 'TRANSIENT'],
	['a number', '7', 200, 'TRANSIENT'],
	['null', 'null', 200, 'TRANSIENT'],
	['the contract of another chain', JSON.stringify({ ...contract, chainId: 10 }), 200, 'TRANSIENT'],
	['a code that is an object', error({ a: 1 }), 400, 'UNKNOWN'],
	['the words of an error in a page', '<html>unsupported_chain</html>', 400, 'UNKNOWN'],
];

test.each(pages)('%s: %.80j with HTTP %d is %s', (_what, body, status, name) => {
	expect(refusalOf(body, status).class).toBe(name);
});

test.each([
	['as it came', contract],
	['with its address in lower case', { ...contract, address: asked.key.address }],
	['with its chain id as a number', { ...contract, chainId: 1 }],
	['without address and chain id', { ...contract, address: undefined, chainId: undefined }],
	['beside fields that nobody knows yet', { ...contract, customCode: null, moreToCome: [] }],
])('a contract is handed on %s', (_what, value) => {
	expect(read(JSON.stringify(value))).toEqual({ contract: JSON.parse(JSON.stringify(value)) });
});

describe('what was said is kept', () => {
	test('with its code and a Retry-After, and not without end', () => {
		const refusal = refusalOf(error('too_many_requests', 'x'.repeat(9000)), 429, {
			'retry-after': '7',
		});
		expect(refusal).toMatchObject({ status: 429, retryAfter: '7' });
		expect(refusal.text).toMatch(/^too_many_requests: x+$/);
		expect(refusal.text.length).toBeLessThanOrEqual(1000);
	});

	test.each([
		['Too many', 'Too many'],
		['<html>page</html>', ''],
		['{"match":', ''],
		['{"error":"Not Found"}', 'Not Found'],
		['{"message":7}', ''],
	])('of %j: %j', (body, text) => {
		expect(refusalOf(body, 400).text).toBe(text);
	});
});
