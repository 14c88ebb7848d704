import { expect, test } from 'vitest';
import { SourceError } from '../domain/errors.ts';
import { failureClasses, outcomeOf, policyOf, UpstreamFailure } from './failure.ts';

test.each(failureClasses)('%s counts as one outcome, or as no call', (name) => {
	const outcome = outcomeOf(new UpstreamFailure(name, 'text'));
	expect(outcome === null).toBe(name === 'PAUSED' || name === 'TURN');
});

test('what a contract does itself is none of the failures that an upstream is blamed for', () => {
	const ofContract = failureClasses.filter((name) => {
		const { key, breaker, followUp } = policyOf(name);
		const { kind } = followUp({ waitMs: 0, untilResetMs: 0, perSecond: null });
		return key === 'keep' && !breaker && kind === 'final';
	});
	const outcomes = ofContract.map((name) => [name, outcomeOf(new UpstreamFailure(name, 'text'))]);
	expect(Object.fromEntries(outcomes)).toEqual({
		...{ PLAN: 'not_found', CHAIN: 'not_found', UNVERIFIED: 'not_found' },
		...{ MALFORMED: 'unusable', TOO_LARGE: 'unusable' },
		// A fault of this service, which has to be seen.
		BAD_REQUEST: 'http_4xx',
	});
});

test('what ends by a time-out is distinguished from what could not be reached', () => {
	const broken = (code: string) =>
		new UpstreamFailure('NETWORK', 'text', { cause: new Error(code) });
	expect(outcomeOf(broken('ETIMEDOUT'))).toBe('timeout');
	expect(outcomeOf(broken('UND_ERR_HEADERS_TIMEOUT'))).toBe('timeout');
	expect(outcomeOf(broken('ECONNREFUSED'))).toBe('network');
	const late = new SourceError('UPSTREAM_UNAVAILABLE', 'text', { kind: 'back-off' });
	expect(outcomeOf(late)).toBe('timeout');
});

test('a call that this worker gives up as it stops counts as none', () => {
	expect(outcomeOf(new DOMException('stopped', 'AbortError'))).toBeNull();
});
