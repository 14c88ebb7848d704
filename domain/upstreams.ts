/**
 * Every upstream: its names, and the settings by which it is asked. A new one is a row here, one in
 * `sources/upstreams.ts`, and its folder; all else that depends on an upstream follows from these.
 */
export const upstreams = {
	etherscan: {
		provider: 'ETHERSCAN',
		title: 'Etherscan',
		listsChains: true,
		url: {
			setting: 'ETHERSCAN_URL',
			default: 'https://api.etherscan.io/v2/api',
			byChain: false,
			text: "Etherscan's V2 API, or one that is compatible.",
		},
		keys: {
			setting: 'ETHERSCAN_API_KEYS',
			text: 'Keys, separated by commas. Without any, `npm start` runs the emulator. Limits hold for an account: name the accounts as in `name:KEY,other:KEY`; keys without a name belong to one account.',
		},
		perSecond: {
			setting: 'ETHERSCAN_RPS',
			default: 3,
			text: 'Calls a second of one account, over all workers. The emulator gets 100.',
		},
		perDay: {
			setting: 'ETHERSCAN_CALLS_PER_DAY',
			default: 100_000,
			text: 'Calls a day of one account.',
		},
	},
	sourcify: {
		provider: 'SOURCIFY',
		title: 'Sourcify',
		listsChains: false,
		url: {
			setting: 'SOURCIFY_URL',
			default: 'https://sourcify.dev/server',
			byChain: false,
			text: "Sourcify's API v2.",
		},
		keys: null,
		perSecond: {
			setting: 'SOURCIFY_RPS',
			default: 2,
			text: 'Calls a second, over all workers.',
		},
		perDay: null,
	},
	blockscout: {
		provider: 'BLOCKSCOUT',
		title: 'Blockscout',
		listsChains: false,
		url: {
			setting: 'BLOCKSCOUT_URL',
			default: 'https://api.blockscout.com',
			byChain: true,
			text: 'The PRO API, or instances by chain: `1=https://eth.blockscout.com,100=https://gnosis.blockscout.com`.',
		},
		keys: {
			setting: 'BLOCKSCOUT_API_KEY',
			text: 'Keys of the PRO API, written as those of Etherscan.',
		},
		perSecond: {
			setting: 'BLOCKSCOUT_RPS',
			default: 5,
			text: 'Calls a second of one account, over all workers.',
		},
		perDay: {
			setting: 'BLOCKSCOUT_CALLS_PER_DAY',
			default: 5_000,
			text: 'Calls a day of one account.',
		},
	},
} as const satisfies Record<string, UpstreamRow>;

export type UpstreamName = keyof typeof upstreams;
export type Provider = (typeof upstreams)[UpstreamName]['provider'];

// The keys of the table are just these names: it is written out as an object.
export const upstreamNames = Object.keys(upstreams) as readonly UpstreamName[];
export const providers: readonly Provider[] = Object.values(upstreams).map((row) => row.provider);

/** The name of an upstream in settings, metrics and the names of its accounts. */
export function nameOf(provider: Provider): UpstreamName {
	const name = upstreamNames.find((name) => upstreams[name].provider === provider);
	if (!name) throw new Error(`${provider} is no upstream`);
	return name;
}

export interface ApiKey {
	/** Keys of one account are counted together by the upstream. */
	account: string;
	key: string;
}

/** By what an upstream is asked, as the settings have it. */
export interface UpstreamTerms {
	url: string;
	keys: readonly ApiKey[];
	/** For one account, as `perDay`; null without a limit. */
	perSecond: number;
	perDay: number | null;
}

interface UpstreamRow {
	/** In the public schema, in events and in what is stored. */
	provider: string;
	/** In sentences. */
	title: string;
	/** Whether it is asked for its list of chains. */
	listsChains: boolean;
	/** `byChain`: also `chainId=url` separated by commas. `text` is for the page of settings, here and below. */
	url: { setting: string; default: string; byChain: boolean; text: string };
	/** Null: calls carry no key. */
	keys: { setting: string; text: string } | null;
	/** Calls that each account may make, over all workers. */
	perSecond: { setting: string; default: number; text: string };
	perDay: { setting: string; default: number; text: string } | null;
}
