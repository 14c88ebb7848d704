import { describe, expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import { SourceError } from '../domain/errors.ts';
import type { FetchedSource, Provider } from '../domain/source.ts';
import { rejection } from './asking/test-server.ts';
import { type FailureClass, failureWith, policyOf } from './failure.ts';
import { createFallback, type Member } from './fallback.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const never = new AbortController().signal;
// Handed on as it is; nothing looks into it.
const source = { description: { name: 'T' } } as FetchedSource;

type Says = FailureClass | 'SOURCE' | 'NOT SERVED';

/** Upstreams that say what they are told to, and remember who was asked. */
function upstreams(...says: Says[]) {
	const asked: string[] = [];
	const names: [string, Provider][] = [
		['Etherscan', 'ETHERSCAN'],
		['Sourcify', 'SOURCIFY'],
		['Blockscout', 'BLOCKSCOUT'],
	];
	const members = says.map((say, index): Member => {
		const [name, provider] = names[index] ?? ['', 'ETHERSCAN'];
		return {
			name,
			provider,
			serves: () => say !== 'NOT SERVED',
			async fetch(request, begun) {
				asked.push(begun ? `${name} at once` : name);
				if (say !== 'TURN' && !(await request.begin())) return null;
				if (say === 'SOURCE') return source;
				if (say === 'NOT SERVED') throw new Error('asked, although it does not serve the chain');
				throw failureWith(say, policyOf(say).sentence(name), { untilResetMs: 9_000, waitMs: 500 });
			},
		};
	});
	return { upstream: createFallback(members), asked };
}

const request = (ruledOut: Provider[] = [], begin = async () => true) => ({ key, ruledOut, begin });

test('the first that has the source is the last that is asked', async () => {
	const { upstream, asked } = upstreams('UNVERIFIED', 'SOURCE', 'SOURCE');
	expect(await upstream.fetch(request(), never)).toBe(source);
	expect(asked).toEqual(['Etherscan', 'Sourcify at once']);
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
])('%s hands on to the next upstream', async (name) => {
	const { upstream } = upstreams(name, 'SOURCE');
	expect(await upstream.fetch(request(), never)).toBe(source);
});

test('who only waits for a turn is waited for', async () => {
	const { upstream, asked } = upstreams('TURN', 'SOURCE');
	expect(await rejection(upstream.fetch(request(), never))).toMatchObject({
		followUp: { kind: 'turn', atLeastMs: 500 },
	});
	expect(asked).toEqual(['Etherscan']);
});

test('the job is begun once, however many are asked', async () => {
	let begun = 0;
	const { upstream } = upstreams('UNVERIFIED', 'TRANSIENT', 'SOURCE');
	await upstream.fetch(
		request([], async () => {
			begun += 1;
			return true;
		}),
		never,
	);
	expect(begun).toBe(1);
});

test('nobody is asked for a job that is somebody else’s', async () => {
	const { upstream, asked } = upstreams('SOURCE', 'SOURCE');
	expect(
		await upstream.fetch(
			request([], async () => false),
			never,
		),
	).toBeNull();
	expect(asked).toEqual(['Etherscan']);
});

test('what is ruled out or does not serve the chain is not asked', async () => {
	const { upstream, asked } = upstreams('SOURCE', 'NOT SERVED', 'TRANSIENT');
	const error = await rejection(upstream.fetch(request(['ETHERSCAN']), never));
	expect(asked).toEqual(['Blockscout']);
	expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', ruledOut: [] });
});

describe('where nobody has it, the most hopeful truth is told', () => {
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
		const error = await rejection(upstreams(...says).upstream.fetch(request(), never));
		if (!(error instanceof SourceError)) throw error;
		expect(error).toMatchObject({ code, followUp: { kind }, ruledOut });
		expect(error.message).toMatch(/^[A-Z].*\.$/);
	});

	test('and whoever waits for a quota is waited for when the others have failed too often', async () => {
		const { upstream } = upstreams('DAILY_QUOTA', 'NETWORK');
		expect(await rejection(upstream.fetch(request(), never))).toHaveProperty('followUp', {
			kind: 'back-off',
			atLeastMs: 500,
			orElseWaitMs: 9_000,
		});
	});

	test('in one sentence that says what each of them said', async () => {
		const { upstream } = upstreams('UNVERIFIED', 'NETWORK');
		expect(await rejection(upstream.fetch(request(), never))).toHaveProperty(
			'message',
			'Sourcify could not be reached; Etherscan holds no verified source for this address.',
		);
	});
});

test('what nobody understands is not hidden behind what the next one says', async () => {
	const bug = new TypeError('a bug');
	const member: Member = {
		provider: 'ETHERSCAN',
		name: 'Etherscan',
		serves: () => true,
		fetch: () => Promise.reject(bug),
	};
	expect(await rejection(createFallback([member]).fetch(request(), never))).toBe(bug);
});
