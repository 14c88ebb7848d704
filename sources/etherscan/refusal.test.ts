import { describe, expect, test } from 'vitest';
import type { ContractErrorCode } from '../../domain/errors.ts';
import { createRedact } from '../../domain/redact.ts';
import type { FailureClass } from '../failure.ts';
import { failureOf } from '../refusal.ts';
import { readAnswer } from './answer.ts';

const now = new Date('2026-11-23T21:43:00.000Z');
const redact = createRedact(['SECRETKEY']);
const envelope = (result: unknown) => JSON.stringify({ status: '0', message: 'NOTOK', result });

const refusalOf = (body: string, status = 200, headers = {}) => {
	const reading = readAnswer({ status, headers: new Headers(headers), body });
	if ('item' in reading) throw new Error('an item, not a refusal');
	return reading.refusal;
};
const errorOf = (body: string, status = 200, headers = {}) =>
	failureOf(refusalOf(body, status, headers), 'Etherscan', redact, now);

const outcomes: [FailureClass, string, number, ContractErrorCode, object, boolean][] = [
	[
		'RATE_LIMIT',
		envelope('Max rate limit reached'),
		200,
		'UPSTREAM_UNAVAILABLE',
		{ kind: 'wait', atLeastMs: 1000 },
		true,
	],
	[
		'DAILY_QUOTA',
		envelope('Max daily rate limit reached.'),
		200,
		'QUOTA_EXHAUSTED',
		{ kind: 'wait', atLeastMs: 137 * 60_000 },
		true,
	],
	[
		'INVALID_KEY',
		envelope('Invalid API Key'),
		200,
		'INVALID_API_KEY',
		{ kind: 'back-off', atLeastMs: 60_000 },
		true,
	],
	[
		'PLAN',
		envelope('Free API access is not supported for this chain.'),
		200,
		'UNSUPPORTED_CHAIN',
		{ kind: 'final' },
		false,
	],
	[
		'CHAIN',
		envelope('Missing or unsupported chainid parameter'),
		200,
		'UNSUPPORTED_CHAIN',
		{ kind: 'final' },
		false,
	],
	[
		'V1_DEAD',
		envelope('You are using a deprecated V1 endpoint'),
		200,
		'UPSTREAM_UNAVAILABLE',
		{ kind: 'final' },
		false,
	],
	[
		'BAD_REQUEST',
		envelope('Error! Invalid address format'),
		200,
		'INTERNAL',
		{ kind: 'final' },
		false,
	],
	[
		'UNVERIFIED',
		envelope('Contract source code not verified'),
		200,
		'NOT_VERIFIED',
		{ kind: 'final' },
		true,
	],
	[
		'BLOCKED',
		'<html>Sorry, you have been blocked</html>',
		403,
		'UPSTREAM_UNAVAILABLE',
		{ kind: 'back-off', atLeastMs: 5000 },
		true,
	],
	['DOWN', 'Page not found', 200, 'UPSTREAM_UNAVAILABLE', { kind: 'back-off' }, true],
	['TRANSIENT', '<html>', 502, 'UPSTREAM_UNAVAILABLE', { kind: 'back-off' }, true],
	['REDIRECT', '', 302, 'UPSTREAM_UNAVAILABLE', { kind: 'back-off' }, true],
	['UNKNOWN', envelope('odd'), 200, 'UPSTREAM_UNAVAILABLE', { kind: 'back-off' }, true],
];

test.each(outcomes)(
	'%s decides what becomes of the contract',
	(name, body, status, code, followUp, retryable) => {
		expect(refusalOf(body, status).class).toBe(name);
		const error = errorOf(body, status);
		expect(error).toMatchObject({ code, followUp, retryable });
		expect(error.message).toMatch(/^[A-Z].*\.$/);
	},
);

describe('Retry-After is honoured', () => {
	test.each([
		[429, '7', 7_000],
		[429, '0', 1_000],
		[429, 'Mon, 23 Nov 2026 21:44:00 GMT', 60_000],
		[503, '30', 30_000],
		[403, '1', 5_000],
		[403, '60', 60_000],
	])('HTTP %d with %j waits %d ms at least', (status, header, atLeastMs) => {
		expect(errorOf('', status, { 'retry-after': header }).followUp).toMatchObject({ atLeastMs });
	});
});

describe('what the upstream said', () => {
	test('is in the message of an error that is not known, short and on one line', () => {
		const error = errorOf(envelope(`New\ntrouble ${'x'.repeat(500)}`));
		expect(error.message).toContain(': "New trouble xxx');
		expect(error.message.length).toBeLessThan(280);
	});

	test('is the HTTP status where there are no words', () => {
		expect(errorOf('<html>teapot</html>', 418).message).toMatch(/: HTTP 418\.$/);
	});

	test('is kept as the cause of every error, without keys', () => {
		const error = errorOf(envelope('Invalid API Key SECRETKEY'));
		expect(error.message).not.toContain('SECRETKEY');
		expect(error.cause).toEqual(new Error('HTTP 200: Invalid API Key [redacted]'));
	});
});
