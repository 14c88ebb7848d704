import { describe, expect, test } from 'vitest';
import { ended } from '../test/harness/endless.ts';
import { parseAddress } from './address.ts';
import { newContract } from './contract.ts';
import { type AfterFailure, SourceError } from './errors.ts';
import { retryDelay } from './retry.ts';
import { decideFailure, decidePostpone } from './transitions.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };

const policy = { maxAttempts: 5, baseMs: 1_000, maxMs: 6_000, patienceMs: 60_000, random: () => 0 };
const passing = new SourceError('UPSTREAM_UNAVAILABLE', 'Down.', { kind: 'back-off' });

test('a back-off doubles up to its longest, and half of it is random', () => {
	const delays = [1, 2, 3, 4].map((attempts) => retryDelay(passing, attempts, policy));
	expect(delays).toEqual([500, 1_000, 2_000, 3_000]);
	expect(retryDelay(passing, 1, { ...policy, random: () => 1 })).toBe(1_000);
});

test('a failure that may pass is final once the attempts are spent, and so is a bug', () => {
	expect(retryDelay(passing, 5, policy)).toBeNull();
	expect(retryDelay(new Error('bug'), 4, policy)).not.toBeNull();
	expect(retryDelay(new Error('bug'), 5, policy)).toBeNull();
});

test('once the attempts are spent, somebody else may still be worth waiting for', () => {
	const followUp = { kind: 'back-off', orElseWaitMs: 90_000 } as const;
	const failure = new SourceError('UPSTREAM_UNAVAILABLE', 'Down.', followUp);
	expect(retryDelay(failure, 4, policy)).toBe(3_000);
	expect(retryDelay(failure, 5, policy)).toBe(90_000);
});

test('a final failure is not tried again', () => {
	expect(
		retryDelay(new SourceError('NOT_VERIFIED', 'None.', { kind: 'final' }), 1, policy),
	).toBeNull();
});

test('an upstream that names a time is not asked before it, however many attempts there were', () => {
	const wait = new SourceError('QUOTA_EXHAUSTED', 'Later.', { kind: 'wait', atLeastMs: 90_000 });
	expect(retryDelay(wait, 50, policy)).toBe(90_000);
});

describe('one address that meets a limit each time it is asked about', () => {
	const limit = new SourceError('UPSTREAM_UNAVAILABLE', 'Too many requests.', {
		...{ kind: 'wait', atLeastMs: 2_000 },
	});

	test('is asked about ever less often, and ends after a bound in time', async () => {
		const { contract, attempts, seconds } = await ended(() => limit);
		expect(contract).toMatchObject({ status: 'ERROR', failures: 0 });
		expect(contract.error).toEqual({
			...{ code: 'UPSTREAM_UNAVAILABLE', message: 'Too many requests.', retryable: true },
		});
		expect(attempts).toBeLessThan(40);
		expect(seconds).toBeGreaterThanOrEqual(3_600);
		expect(seconds).toBeLessThan(2 * 3_600);
	});

	test('is not asked about before the time that the upstream names', async () => {
		const hour = new SourceError('UPSTREAM_UNAVAILABLE', 'Later.', {
			...{ kind: 'wait', atLeastMs: 3_600_000 },
		});
		expect(await ended(() => hour)).toMatchObject({ attempts: 2, seconds: 3_600 });
	});

	test('begins anew after a spent quota, which is waited for', async () => {
		const quota = new SourceError('QUOTA_EXHAUSTED', 'Spent.', {
			...{ kind: 'wait', atLeastMs: 86_400_000 },
		});
		const { contract, seconds } = await ended(({ attempts }) => (attempts === 9 ? quota : limit));
		expect(contract.error?.code).toBe('UPSTREAM_UNAVAILABLE');
		expect(seconds).toBeGreaterThan(3_600);
		expect((await ended(() => quota)).seconds).toBe(7 * 86_400);
	});

	test('waits for the quota of another upstream once patience is spent', async () => {
		const orElse = new SourceError('UPSTREAM_UNAVAILABLE', 'Too many requests.', {
			...{ kind: 'wait', atLeastMs: 2_000, orElseWaitMs: 40_000_000, orElseQuota: true },
		});
		const { seconds } = await ended(() => orElse);
		expect(seconds).toBeGreaterThanOrEqual(7 * 86_400);
	});

	test('costs nothing while its attempt cannot begin, which is a limit of all', () => {
		const contract = { ...newContract(key, new Date(0)), status: 'PROCESS' as const, version: 2 };
		const postponed = decidePostpone(2, limit, policy)(contract, new Date(0), key);
		expect(postponed?.contract.held).toBeNull();
	});
});

describe('what a contract without a source leads to', () => {
	const proxy = { kind: 'EIP1167', implementations: [key.address] };
	const unverified = { kind: 'final' } as const;
	const said = (followUp: AfterFailure, more: object) =>
		new SourceError('NOT_VERIFIED', 'None.', followUp, { ruledOut: ['ETHERSCAN'], ...more });

	test('stays known while another upstream is asked again', async () => {
		const first = said({ kind: 'back-off' }, { proxy });
		const { contract } = await ended(({ attempts }) =>
			attempts === 1 ? first : said(unverified, { ruledOut: ['SOURCIFY'] }),
		);
		expect(contract).toMatchObject({ status: 'ERROR', proxy });
	});

	test('is forgotten once upstreams no longer say it', () => {
		const before = { ...newContract(key, new Date(0)), status: 'PROCESS' as const, version: 2 };
		const decide = decideFailure(2, said(unverified, {}), policy);
		expect(decide({ ...before, proxy }, new Date(0), key)?.contract.proxy).toBeNull();
		const silent = decideFailure(2, new Error('a bug'), policy);
		expect(silent({ ...before, proxy }, new Date(0), key)?.contract.proxy).toEqual(proxy);
	});
});
