/**
 * Every upstream: its names, and the settings by which it is asked. A new one is a row here, one in
 * `sources/upstreams.ts`, and its folder; all else that depends on an upstream follows from these.
 */
export const upstreams = {
	etherscan: {
		/** In the public schema, in events and in what is stored. */
		provider: 'ETHERSCAN',
		/** In sentences. */
		title: 'Etherscan',
		/** `byChain`: also `chainId=url` separated by commas. */
		url: { setting: 'ETHERSCAN_URL', default: 'https://api.etherscan.io/v2/api', byChain: false },
		/** Null: calls carry no key. */
		keys: { setting: 'ETHERSCAN_API_KEYS' },
		/** Calls that each account may make, over all workers. */
		perSecond: { setting: 'ETHERSCAN_RPS', default: 3 },
		perDay: { setting: 'ETHERSCAN_CALLS_PER_DAY', default: 100_000 },
		/** Whether it is asked for its list of chains. */
		listsChains: true,
	},
	sourcify: {
		provider: 'SOURCIFY',
		title: 'Sourcify',
		url: { setting: 'SOURCIFY_URL', default: 'https://sourcify.dev/server', byChain: false },
		keys: null,
		perSecond: { setting: 'SOURCIFY_RPS', default: 2 },
		perDay: null,
		listsChains: false,
	},
	blockscout: {
		provider: 'BLOCKSCOUT',
		title: 'Blockscout',
		url: { setting: 'BLOCKSCOUT_URL', default: 'https://api.blockscout.com', byChain: true },
		keys: { setting: 'BLOCKSCOUT_API_KEY' },
		perSecond: { setting: 'BLOCKSCOUT_RPS', default: 5 },
		perDay: { setting: 'BLOCKSCOUT_CALLS_PER_DAY', default: 5_000 },
		listsChains: false,
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
	provider: string;
	title: string;
	url: { setting: string; default: string; byChain: boolean };
	keys: { setting: string } | null;
	perSecond: { setting: string; default: number };
	perDay: { setting: string; default: number } | null;
	listsChains: boolean;
}
