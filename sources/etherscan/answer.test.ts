import { describe, expect, test } from 'vitest';
import type { FailureClass } from '../failure.ts';
import { readAnswer } from './answer.ts';

const refusalOf = (body: string, status = 200, headers = {}) => {
	const reading = readAnswer({ status, headers: new Headers(headers), body });
	if ('item' in reading) throw new Error('an item, not a refusal');
	return reading.refusal;
};
const envelope = (result: unknown, message = 'NOTOK', status = '0') =>
	JSON.stringify({ status, message, result });

const source = 'contract C { string s = "Max rate limit reached; Invalid API Key"; }';
const good = { SourceCode: source, ContractName: 'C' };

const texts: [string, FailureClass][] = [
	['Max rate limit reached, please use API Key for higher rate limit', 'RATE_LIMIT'],
	['Max rate limit reached', 'RATE_LIMIT'],
	['Max calls per sec rate limit reached (3/sec)', 'RATE_LIMIT'],
	['Max calls per sec rate limit reached (5/sec)', 'RATE_LIMIT'],
	['Max daily rate limit reached. 110000 (100%) of 100000 day/limit', 'DAILY_QUOTA'],
	['Community Free API limit reached. Resets 2026-11-24 00:00:00 UTC.', 'DAILY_QUOTA'],
	['Community Free API Limit reached. Resets 2026-11-24 00:00:00 UTC.', 'DAILY_QUOTA'],
	['Invalid API Key', 'INVALID_KEY'],
	['Invalid API Key (#err2)', 'INVALID_KEY'],
	['Invalid API Key (#err2)|POLY-2', 'INVALID_KEY'],
	['Missing/Invalid API Key', 'INVALID_KEY'],
	['Too many invalid api key attempts, please try again later', 'INVALID_KEY'],
	[
		'Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage. https://etherscan.io/apis',
		'PLAN',
	],
	['Sorry, it looks like you are trying to access an API Pro endpoint. Contact us', 'PLAN'],
	[
		'Missing or unsupported chainid parameter (required for v2 api), please see chainlist for the list of supported chainids',
		'CHAIN',
	],
	['Error! Missing or unsupported chainid parameter (56)', 'CHAIN'],
	[
		'You are using a deprecated V1 endpoint, switch to Etherscan API V2 using https://docs.etherscan.io/v2-migration',
		'V1_DEAD',
	],
	['Error! Invalid address format', 'BAD_REQUEST'],
	['Invalid Address format', 'BAD_REQUEST'],
	['Error! Missing Or invalid Action name', 'BAD_REQUEST'],
	['Error! Missing or invalid Module name', 'BAD_REQUEST'],
	['Contract source code not verified', 'UNVERIFIED'],
	['Contract source code not verified.', 'UNVERIFIED'],
	['CONTRACT SOURCE CODE NOT VERIFIED', 'UNVERIFIED'],
	[' contract source  code not verified. \n', 'UNVERIFIED'],
	['Contract source code is not verified!', 'UNVERIFIED'],
	['Page not found. ', 'DOWN'],
	['Query parameter address is required.', 'BAD_REQUEST'],
	['Query Timeout occured. Please select a smaller result dataset', 'TRANSIENT'],
	['Unexpected err, timeout occurred or server too busy. Please try again later', 'TRANSIENT'],
	['Something went wrong.', 'TRANSIENT'],
	['Daily limit of 250 source code submissions reached', 'UNKNOWN'],
	['Unable to locate ContractCode at 0x00', 'UNKNOWN'],
	['The address is not a smart contract', 'UNKNOWN'],
	['Contract source code not verified, or so they say', 'UNKNOWN'],
	['A text that nobody has seen yet', 'UNKNOWN'],
];

test.each(texts)('%j is %s', (text, name) => {
	expect(refusalOf(envelope(text)).class).toBe(name);
	expect(refusalOf(envelope(text, 'OK', '1')).class).toBe(name);
	expect(refusalOf(JSON.stringify({ message: text })).class).toBe(name);
	expect(refusalOf(envelope(text), 400).class).toBe(name);
});

const blocked = [
	'<html><body><h1>Sorry, you have been blocked</h1></body></html>',
	'<!DOCTYPE html><title>Just a moment...</title>',
	'<html><a href="https://www.cloudflare.com?utm_source=challenge">x</a></html>',
	'<html>Checking if the site connection is secure</html>',
];
const bodies: [string, number, FailureClass][] = [
	...blocked.flatMap((html): [string, number, FailureClass][] => [
		[html, 200, 'BLOCKED'],
		[html, 403, 'BLOCKED'],
		[html, 503, 'BLOCKED'],
	]),
	['<html>Forbidden</html>', 403, 'BLOCKED'],
	['<html>Internal Server Error</html>', 500, 'TRANSIENT'],
	['<html>Bad Gateway</html>', 502, 'TRANSIENT'],
	['<html>Service Unavailable</html>', 503, 'TRANSIENT'],
	['<html>Welcome</html>', 200, 'TRANSIENT'],
	['<html>Contract source code not verified</html>', 200, 'TRANSIENT'],
	['Page not found', 200, 'DOWN'],
	['Page not found\n', 404, 'DOWN'],
	['Contract source code not verified', 200, 'TRANSIENT'],
	['Max rate limit reached', 200, 'RATE_LIMIT'],
	['', 200, 'TRANSIENT'],
	['', 302, 'REDIRECT'],
	['', 401, 'INVALID_KEY'],
	['', 404, 'UNKNOWN'],
	['', 408, 'TRANSIENT'],
	['', 429, 'RATE_LIMIT'],
	['too many', 429, 'RATE_LIMIT'],
	[envelope('odd'), 429, 'RATE_LIMIT'],
	['{"message":"429 Too Many Requests"}', 429, 'RATE_LIMIT'],
	[envelope('Max daily rate limit reached. 1 of 1 day/limit'), 429, 'DAILY_QUOTA'],
	[envelope('Invalid API Key'), 403, 'INVALID_KEY'],
	[envelope([good], 'OK', '1'), 500, 'TRANSIENT'],
	[envelope('Contract source code not verified'), 500, 'TRANSIENT'],
	['{"message":"429 Too Many Requests"}', 200, 'TRANSIENT'],
	['{"message":"429 Too', 200, 'TRANSIENT'],
	[envelope(null), 200, 'TRANSIENT'],
	[envelope(null, 'OK', '1'), 200, 'TRANSIENT'],
	[envelope(''), 200, 'TRANSIENT'],
	[envelope(' \n'), 200, 'TRANSIENT'],
	[envelope([], 'OK', '1'), 200, 'TRANSIENT'],
	[envelope([], 'No data found'), 200, 'TRANSIENT'],
	[envelope(null, 'Something went wrong.'), 200, 'TRANSIENT'],
	[envelope(null, 'Contract source code not verified'), 200, 'UNVERIFIED'],
	[envelope(null, 'Contract source code not verified. '), 200, 'UNVERIFIED'],
	[envelope('', 'contract source code NOT verified.'), 200, 'UNVERIFIED'],
	[envelope([], 'Contract source code not verified.'), 200, 'UNVERIFIED'],
	[envelope(7), 200, 'UNKNOWN'],
	['null', 200, 'TRANSIENT'],
	['[]', 200, 'TRANSIENT'],
	['"Invalid API Key"', 200, 'TRANSIENT'],
	['{"ok":true}', 200, 'TRANSIENT'],
	[envelope([good], 'OK', '1').slice(0, -20), 200, 'TRANSIENT'],
	['{"status":"1","result":[{"ABI":"Contract source code not verified","So', 200, 'TRANSIENT'],
];

test.each(bodies)('the body %j with HTTP %d is %s', (body, status, name) => {
	expect(refusalOf(body, status).class).toBe(name);
});

describe('an item is handed on', () => {
	test.each([
		['of an array of one', [good]],
		['the first of two', [good, { SourceCode: 'other' }]],
		['where the result is an object', good],
	])('%s', (_how, result) => {
		const body = envelope(result, 'OK', '1');
		expect(readAnswer({ status: 200, headers: new Headers(), body })).toEqual({ item: good });
	});

	test.each([
		'OK-Missing/Invalid API Key, rate limit of 1/5sec applied',
		'NOTOK',
		'Contract source code not verified',
	])('whatever `message` says beside it: %j', (message) => {
		const body = envelope([good], message, '1');
		expect(readAnswer({ status: 200, headers: new Headers(), body })).toEqual({ item: good });
	});

	test('with line ends around the body', () => {
		const body = `\n${envelope([good])}\r\n`;
		expect(readAnswer({ status: 200, headers: new Headers(), body })).toEqual({ item: good });
	});
});
