import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../bench/emulator/emulator.ts';
import { type FaultName, faultNames } from '../bench/emulator/faults.ts';
import type { ApiName } from '../bench/emulator/protocol.ts';
import { parseAddress } from '../domain/address.ts';
import { type AskingClient, withAsk } from '../test/harness/ask.ts';
import { ended, notVerifiedMs } from '../test/harness/endless.ts';
import { rejection } from '../test/harness/http-server.ts';
import { createBlockscoutClient } from './blockscout/client.ts';
import { createEtherscanClient } from './etherscan/client.ts';
import { type FailureClass, UpstreamFailure } from './failure.ts';
import { createSourcifyClient } from './sourcify/client.ts';
import type { Upstream } from './upstream.ts';
import { createUpstreams } from './upstreams.ts';

type Outcome = FailureClass | 'SOURCE';
type Outcomes = Partial<Record<ApiName, Outcome>>;

function everywhere(outcome: Outcome): Outcomes {
	return { etherscan: outcome, sourcify: outcome, blockscout: outcome };
}

/** What each fault of each upstream is taken for: over real HTTP, from the emulator. */
const table = {
	'rate-limit': everywhere('RATE_LIMIT'),
	'rate-limit-5': { etherscan: 'RATE_LIMIT' },
	'rate-limit-plain': { etherscan: 'RATE_LIMIT' },
	'rate-limit-keyless': { etherscan: 'RATE_LIMIT' },
	'daily-quota': { etherscan: 'DAILY_QUOTA', blockscout: 'DAILY_QUOTA' },
	'daily-quota-community': { etherscan: 'DAILY_QUOTA' },
	'missing-key': { etherscan: 'INVALID_KEY', blockscout: 'INVALID_KEY' },
	'invalid-key': { etherscan: 'INVALID_KEY', blockscout: 'INVALID_KEY' },
	'invalid-key-plain': { etherscan: 'INVALID_KEY' },
	'invalid-key-polygon': { etherscan: 'INVALID_KEY' },
	'echo-key': { etherscan: 'UNKNOWN' },
	'key-attempts': { etherscan: 'INVALID_KEY' },
	plan: { etherscan: 'PLAN' },
	'plan-pro': { etherscan: 'PLAN' },
	chain: everywhere('CHAIN'),
	'chain-plain': { etherscan: 'CHAIN' },
	'chain-number': { etherscan: 'CHAIN' },
	'chain-404': { sourcify: 'CHAIN' },
	'v1-dead': { etherscan: 'V1_DEAD' },
	'bad-address': everywhere('BAD_REQUEST'),
	'bad-address-plain': { etherscan: 'BAD_REQUEST' },
	'bad-module': { etherscan: 'BAD_REQUEST' },
	'bad-action': { etherscan: 'BAD_REQUEST' },
	'invalid-parameter': { sourcify: 'BAD_REQUEST' },
	'route-not-found': { sourcify: 'BAD_REQUEST', blockscout: 'BAD_REQUEST' },
	restricted: { blockscout: 'BLOCKED' },
	unverified: everywhere('UNVERIFIED'),
	'unverified-notok': { etherscan: 'UNVERIFIED' },
	'unverified-contract': { blockscout: 'UNVERIFIED' },
	'unverified-twin': { blockscout: 'SOURCE' },
	'proxy-error': { sourcify: 'SOURCE' },
	timeout: { etherscan: 'TRANSIENT' },
	busy: { etherscan: 'TRANSIENT' },
	'something-wrong': { etherscan: 'TRANSIENT', blockscout: 'UNKNOWN' },
	'internal-error': { sourcify: 'TRANSIENT', blockscout: 'TRANSIENT' },
	'pro-502': { blockscout: 'TRANSIENT' },
	'pro-503': { blockscout: 'TRANSIENT' },
	'pro-504': { blockscout: 'TRANSIENT' },
	'rpc-no-address': { blockscout: 'UNKNOWN' },
	'rpc-bad-address': { blockscout: 'UNKNOWN' },
	'rpc-pending': { blockscout: 'UNKNOWN' },
	'rpc-unverified': { blockscout: 'UNKNOWN' },
	unknown: { etherscan: 'UNKNOWN', sourcify: 'UNKNOWN', blockscout: 'BAD_REQUEST' },
	'message-429': { etherscan: 'TRANSIENT' },
	'null-result': { etherscan: 'TRANSIENT', blockscout: 'UNKNOWN' },
	'blank-result': { etherscan: 'TRANSIENT' },
	'empty-result': { etherscan: 'TRANSIENT', blockscout: 'UNKNOWN' },
	'odd-ok': { etherscan: 'SOURCE' },
	'http-401': { etherscan: 'INVALID_KEY', sourcify: 'BLOCKED', blockscout: 'INVALID_KEY' },
	'http-404-html': everywhere('UNKNOWN'),
	'http-429': everywhere('RATE_LIMIT'),
	'http-500': everywhere('TRANSIENT'),
	'http-502': everywhere('TRANSIENT'),
	'http-503': everywhere('TRANSIENT'),
	'http-504': everywhere('TRANSIENT'),
	'echo-url': everywhere('TRANSIENT'),
	'retry-after-seconds': everywhere('TRANSIENT'),
	'retry-after-date': everywhere('RATE_LIMIT'),
	'html-403': everywhere('BLOCKED'),
	'html-200': everywhere('BLOCKED'),
	'challenge-403': everywhere('BLOCKED'),
	'challenge-503': everywhere('BLOCKED'),
	'page-not-found': { etherscan: 'DOWN', sourcify: 'TRANSIENT', blockscout: 'TRANSIENT' },
	'not-json': everywhere('TRANSIENT'),
	empty: everywhere('TRANSIENT'),
	'empty-204': everywhere('TRANSIENT'),
	'html-as-json': everywhere('TRANSIENT'),
	'image-as-json': everywhere('MALFORMED'),
	'json-as-html': everywhere('SOURCE'),
	'json-array': everywhere('TRANSIENT'),
	'json-number': everywhere('TRANSIENT'),
	'json-null': everywhere('TRANSIENT'),
	'json-text': everywhere('TRANSIENT'),
	'json-object': everywhere('TRANSIENT'),
	'json-deep': everywhere('TRANSIENT'),
	'cut-json': everywhere('TRANSIENT'),
	utf8: everywhere('MALFORMED'),
	'cut-body': everywhere('NETWORK'),
	stall: everywhere('NETWORK'),
	'big-header': everywhere('NETWORK'),
	'bad-gzip': everywhere('NETWORK'),
	'cut-gzip': everywhere('TRANSIENT'),
	'gzip-bomb': everywhere('TOO_LARGE'),
	big: everywhere('TOO_LARGE'),
	drip: everywhere('NETWORK'),
	redirect: everywhere('REDIRECT'),
	'redirect-self': everywhere('REDIRECT'),
	reset: everywhere('NETWORK'),
	hang: everywhere('NETWORK'),
	slow: everywhere('SOURCE'),
} satisfies Record<FaultName, Outcomes>;

const apiKey = 'KEY0123456789SECRET';
const options = { secrets: [apiKey], maxSourceBytes: 4_000_000 };
const maxBytes = 4_000_000;
/** What never comes to its end is given up soon, what does comes in time, however slow the machine. */
const endless: readonly string[] = ['stall', 'drip', 'hang'];
const never = new AbortController().signal;
/** A client for each call: one that has learnt of a chain does not ask again. */
const clients: Record<ApiName, (emulator: Emulator, timeoutMs: number) => AskingClient> = {
	etherscan: ({ url }, timeoutMs) =>
		withAsk(createEtherscanClient({ ...options, url }), { timeoutMs, maxBytes }),
	sourcify: ({ sourcify: { url } }, timeoutMs) =>
		withAsk(createSourcifyClient({ ...options, url }), { timeoutMs, maxBytes }),
	blockscout: ({ blockscout: { url } }, timeoutMs) =>
		withAsk(createBlockscoutClient({ ...options, url }), { timeoutMs, maxBytes }),
};

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ slowness: 1 });
});
afterAll(() => emulator.close());

const cases = Object.entries(table).flatMap(([fault, outcomes]) =>
	Object.entries(outcomes).map(([api, outcome], index) => ({ fault, api, outcome, index })),
);

test.concurrent.each(cases)('$fault of $api: $outcome', async ({ fault, api, outcome }) => {
	const name = api as ApiName;
	const place = cases.findIndex((one) => one.fault === fault && one.api === api) + 1;
	const address = parseAddress(`0x${String(place).padStart(40, '0')}`);
	verify(name, address);
	emulator[name].inject(1, address, fault as FaultName);
	const said = await clients[name](emulator, endless.includes(fault) ? 1_000 : 60_000)
		.ask({ chainId: 1, address }, apiKey, never)
		.then(
			() => 'SOURCE',
			(error: unknown) => {
				if (!(error instanceof UpstreamFailure)) throw error;
				expect(`${error.message} ${error.cause} ${error.stack}`).not.toContain(apiKey);
				failures[name].set(fault, error);
				return error.class;
			},
		);
	expect(said).toBe(outcome);
});

/** As each client has reported them. */
const failures: Record<ApiName, Map<string, UpstreamFailure>> = {
	etherscan: new Map(),
	sourcify: new Map(),
	blockscout: new Map(),
};
const apis = ['etherscan', 'sourcify', 'blockscout'] as const;

/** One that fails in these ways, one after the other and then from the start again. */
function failing(name: ApiName, faults: readonly string[]): Upstream {
	let calls = 0;
	const turn = { start: () => Promise.reject(new Error('no call is made')), giveBack() {} };
	return {
		...{ name, serves: () => true, takeTurn: async () => turn },
		async fetch() {
			const failure = failures[name].get(faults[calls % faults.length] ?? '');
			calls += 1;
			throw failure ?? new Error('no such failure');
		},
	};
}

test('no answers of any kind, given for ever, keep a contract from ending', async () => {
	const days = 86_400;
	const oneOf = (name: ApiName) =>
		fc.array(fc.constantFrom(...failures[name].keys()), { minLength: 1, maxLength: 4 });
	const doors = fc.uniqueArray(fc.constantFrom(...apis), { minLength: 1 });
	const said = fc.record({
		...{ doors, etherscan: oneOf('etherscan') },
		...{ sourcify: oneOf('sourcify'), blockscout: oneOf('blockscout') },
	});
	await fc.assert(
		fc.asyncProperty(said, async ({ doors, ...faults }) => {
			const upstreams = createUpstreams(doors.map((name) => failing(name, faults[name])));
			const end = await ended(async ({ chainId, address, ruledOut }, now) => {
				const fresh = ruledOut.filter(({ at }) => now.getTime() - at.getTime() < notVerifiedMs);
				const request = {
					key: { chainId, address },
					ruledOut: fresh.map(({ provider }) => provider),
				};
				return rejection(upstreams.takeTurn(request, never).then((turn) => turn.fetch(never)));
			});
			expect(end.contract.error).not.toBeNull();
			expect(end.seconds).toBeLessThan(8 * days);
		}),
		{ numRuns: 300 },
	);
});

test.each(apis)('each fault of %s alone, given for ever, ends', async (name) => {
	expect(failures[name].size).toBeGreaterThan(10);
	for (const [fault, failure] of failures[name]) {
		const { contract, attempts, seconds } = await ended(() => failure);
		const { code } = failure;
		expect({ fault, error: contract.error }).toMatchObject({ fault, error: { code } });
		// A day's quota is waited for.
		const hours = code === 'QUOTA_EXHAUSTED' ? 8 * 24 : 3;
		expect({ fault, isSoon: seconds < hours * 3_600 }).toEqual({ fault, isSoon: true });
		if (code !== 'QUOTA_EXHAUSTED') expect(attempts).toBeLessThan(40);
	}
});

test('every fault that the emulator knows is here', () => {
	expect(Object.keys(table).sort()).toEqual([...faultNames].sort());
});

/** The source has a space in it, where the emulator corrupts the encoding. */
function verify(api: ApiName, address: string): void {
	const SourceCode = 'contract T { /* some words of it */ }';
	const language = 'Solidity';
	if (api === 'etherscan') emulator.put(1, address, { SourceCode, ContractName: 'T' });
	else if (api === 'blockscout') {
		emulator.blockscout.put(1, address, { name: 'T', language, source_code: SourceCode });
	} else {
		emulator.sourcify.put(1, address, {
			stdJsonInput: { language, sources: { 'T.sol': { content: SourceCode } }, settings: {} },
			compilation: {
				language,
				compiler: 'solc',
				compilerVersion: '0.8.9+commit.e5eed63a',
				compilerSettings: {},
				name: 'T',
				fullyQualifiedName: 'T.sol:T',
			},
		});
	}
}
