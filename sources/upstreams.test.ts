import { describe, expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import { SourceError } from '../domain/errors.ts';
import type { FetchedSource } from '../domain/source.ts';
import { type Provider, upstreamNames, upstreams } from '../domain/upstreams.ts';
import { rejection } from '../test/harness/http-server.ts';
import { type FailureClass, failureOfClass } from './failure.ts';
import type { Upstream } from './upstream.ts';
import { createUpstreams } from './upstreams.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const never = new AbortController().signal;
// Handed on as it is; nothing looks into it.
const source = { description: { name: 'T' } } as FetchedSource;

type Says = FailureClass | 'SOURCE' | 'NOT SERVED';

/** Upstreams that say what the test asks, and remember who was asked. */
function upstreamsThat(...says: Says[]) {
	const asked: string[] = [];
	const givenBack: string[] = [];
	const inOrder = says.map((say, index): Upstream => {
		const name = upstreamNames[index] ?? 'etherscan';
		const fail = (failure: FailureClass) =>
			failureOfClass(failure, upstreams[name].title, { untilResetMs: 9_000, waitMs: 500 });
		return {
			name,
			serves: () => say !== 'NOT SERVED',
			async takeTurn(patience) {
				asked.push(patience === 'begun' ? `${name} at once` : name);
				if (say === 'TURN' || say === 'PAUSED') throw fail(say);
				const use = { account: name, key: { id: name, secret: null } };
				return { start: async () => use, giveBack: () => void givenBack.push(name) };
			},
			async fetch() {
				if (say === 'SOURCE') return source;
				if (say === 'NOT SERVED') throw new Error('asked, although it does not serve the chain');
				throw fail(say);
			},
		};
	});
	const { takeTurn } = createUpstreams(inOrder);
	return {
		takeTurn,
		async fetch(ruledOut: Provider[] = []) {
			const turn = await takeTurn({ key, ruledOut }, never);
			return turn.fetch(never);
		},
		asked,
		givenBack,
	};
}

test('the first that has the source is the last that is asked', async () => {
	const { fetch, asked } = upstreamsThat('UNVERIFIED', 'SOURCE', 'SOURCE');
	expect(await fetch()).toBe(source);
	expect(asked).toEqual(['etherscan', 'sourcify at once']);
});

test.each<FailureClass>([
	'UNVERIFIED',
	'RATE_LIMIT',
	'DAILY_QUOTA',
	'INVALID_KEY',
	'PLAN',
	'CHAIN',
	'V1_DEAD',
	'BAD_REQUEST',
	'BLOCKED',
	'DOWN',
	'TRANSIENT',
	'NETWORK',
	'REDIRECT',
	'MALFORMED',
	'TOO_LARGE',
	'PAUSED',
	'UNKNOWN',
])('%s goes on to the next upstream', async (name) => {
	const { fetch } = upstreamsThat(name, 'SOURCE');
	expect(await fetch()).toBe(source);
});

test('who only waits for a turn is waited for', async () => {
	const { fetch, asked } = upstreamsThat('TURN', 'SOURCE');
	expect(await rejection(fetch())).toMatchObject({
		followUp: { kind: 'turn', atLeastMs: 500 },
	});
	expect(asked).toEqual(['etherscan']);
});

test('a turn that is given back leaves everybody unasked', async () => {
	const { takeTurn, asked, givenBack } = upstreamsThat('SOURCE', 'SOURCE');
	const turn = await takeTurn({ key, ruledOut: [] }, never);
	turn.giveBack();
	expect([asked, givenBack]).toEqual([['etherscan'], ['etherscan']]);
});

test('an upstream that gives no turn is followed by the next, as patiently', async () => {
	const { fetch, asked } = upstreamsThat('PAUSED', 'UNVERIFIED', 'SOURCE');
	expect(await fetch()).toBe(source);
	expect(asked).toEqual(['etherscan', 'sourcify', 'blockscout at once']);
});

test('what is ruled out or does not serve the chain is not asked', async () => {
	const { fetch, asked } = upstreamsThat('SOURCE', 'NOT SERVED', 'TRANSIENT');
	const error = await rejection(fetch(['ETHERSCAN']));
	expect(asked).toEqual(['blockscout']);
	expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', ruledOut: [] });
});

describe('where nobody has it, the most hopeful truth is the answer', () => {
	const rows: [Says[], string, string, Provider[]][] = [
		[['UNVERIFIED'], 'NOT_VERIFIED', 'final', ['ETHERSCAN']],
		[['UNVERIFIED', 'UNVERIFIED'], 'NOT_VERIFIED', 'final', ['ETHERSCAN', 'SOURCIFY']],
		[['UNVERIFIED', 'NOT SERVED'], 'NOT_VERIFIED', 'final', ['ETHERSCAN']],
		[['PLAN', 'UNVERIFIED'], 'UNSUPPORTED_CHAIN', 'final', ['SOURCIFY']],
		[['CHAIN', 'UNVERIFIED'], 'NOT_VERIFIED', 'final', ['SOURCIFY']],
		[['CHAIN', 'CHAIN'], 'UNSUPPORTED_CHAIN', 'final', []],
		[['UNVERIFIED', 'TRANSIENT'], 'UPSTREAM_UNAVAILABLE', 'back-off', ['ETHERSCAN']],
		[['NETWORK', 'UNVERIFIED'], 'UPSTREAM_UNAVAILABLE', 'back-off', ['SOURCIFY']],
		[['PAUSED', 'UNVERIFIED'], 'UPSTREAM_UNAVAILABLE', 'back-off', ['SOURCIFY']],
		[['BLOCKED', 'UNVERIFIED'], 'UPSTREAM_UNAVAILABLE', 'back-off', ['SOURCIFY']],
		[['UNKNOWN', 'UNVERIFIED'], 'UPSTREAM_UNAVAILABLE', 'back-off', ['SOURCIFY']],
		[['DAILY_QUOTA', 'UNVERIFIED'], 'QUOTA_EXHAUSTED', 'wait', ['SOURCIFY']],
		[['DAILY_QUOTA', 'TRANSIENT'], 'UPSTREAM_UNAVAILABLE', 'back-off', []],
		[['RATE_LIMIT', 'UNVERIFIED'], 'UPSTREAM_UNAVAILABLE', 'wait', ['SOURCIFY']],
		[['INVALID_KEY', 'UNVERIFIED'], 'INVALID_API_KEY', 'back-off', ['SOURCIFY']],
		[['INVALID_KEY', 'TRANSIENT'], 'UPSTREAM_UNAVAILABLE', 'back-off', []],
		[['V1_DEAD', 'UNVERIFIED'], 'UPSTREAM_UNAVAILABLE', 'final', ['SOURCIFY']],
		[['MALFORMED', 'UNVERIFIED'], 'MALFORMED_RESPONSE', 'final', ['SOURCIFY']],
		[['TOO_LARGE', 'UNVERIFIED'], 'SOURCE_TOO_LARGE', 'final', ['SOURCIFY']],
		[['BAD_REQUEST', 'UNVERIFIED'], 'INTERNAL', 'final', ['SOURCIFY']],
		[
			['UNVERIFIED', 'UNVERIFIED', 'TURN'],
			'UPSTREAM_UNAVAILABLE',
			'turn',
			['ETHERSCAN', 'SOURCIFY'],
		],
	];
	test.each(rows)('%j: %s, %s', async (says, code, kind, ruledOut) => {
		const error = await rejection(upstreamsThat(...says).fetch());
		if (!(error instanceof SourceError)) throw error;
		expect(error).toMatchObject({ code, followUp: { kind }, ruledOut });
		expect(error.message).toMatch(/^[A-Z].*\.$/);
	});

	test('and whoever waits for a quota is waited for when the others have failed too often', async () => {
		const { fetch } = upstreamsThat('DAILY_QUOTA', 'NETWORK');
		expect(await rejection(fetch())).toHaveProperty('followUp', {
			kind: 'back-off',
			atLeastMs: 500,
			...{ orElseWaitMs: 9_000, orElseQuota: true },
		});
		const limited = upstreamsThat('RATE_LIMIT', 'DAILY_QUOTA');
		expect(await rejection(limited.fetch())).toMatchObject({
			code: 'UPSTREAM_UNAVAILABLE',
			followUp: { kind: 'wait', orElseQuota: true },
		});
	});

	test('in one sentence that says what each of them said', async () => {
		const { fetch } = upstreamsThat('UNVERIFIED', 'NETWORK');
		expect(await rejection(fetch())).toHaveProperty(
			'message',
			'Sourcify could not be reached; Etherscan holds no verified source for this address.',
		);
	});
});

test('what nobody understands is not hidden behind what the next one says', async () => {
	const bug = new TypeError('a bug');
	const takeTurn = () => Promise.reject(bug);
	const upstream: Upstream = { name: 'etherscan', serves: () => true, takeTurn, fetch: takeTurn };
	const asked = createUpstreams([upstream]).takeTurn({ key, ruledOut: [] }, never);
	expect(await rejection(asked)).toBe(bug);
});
