import type { Chain } from '../../domain/chain.ts';

/**
 * Etherscan's API as a server writes it, letter for letter: tools look for these words. Ours does, and so
 * does the emulator.
 */
export interface EtherscanItem {
	SourceCode: string;
	ABI: string;
	ContractName: string;
	CompilerVersion: string;
	CompilerType: string;
	OptimizationUsed: string;
	Runs: string;
	ConstructorArguments: string;
	EVMVersion: string;
	Library: string;
	ContractFileName: string;
	LicenseType: string;
	Proxy: string;
	Implementation: string;
	SwarmSource: string;
	SimilarMatch: string;
}

export const chainListPath = '/v2/chainlist';

/** Refusals that any server of this API may give. */
export const refusals = {
	chain: `Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io${chainListPath} for the list of supported chainids`,
	module: 'Error! Missing or invalid Module name',
	action: 'Error! Missing Or invalid Action name',
	address: 'Error! Invalid address format',
	invalidKey: 'Invalid API Key',
	notVerified: 'Contract source code not verified',
} as const;

/** The one element of `getsourcecode` for an address without a source; it comes with status "1". */
export const unverifiedItem: Readonly<EtherscanItem> = {
	SourceCode: '',
	ABI: refusals.notVerified,
	ContractName: '',
	CompilerVersion: '',
	CompilerType: '',
	OptimizationUsed: '',
	Runs: '',
	ConstructorArguments: '',
	EVMVersion: 'Default',
	Library: '',
	ContractFileName: '',
	LicenseType: 'Unknown',
	Proxy: '0',
	Implementation: '',
	SwarmSource: '',
	SimilarMatch: '',
};

/** The envelope of success. */
export function okBody(result: unknown): object {
	return { status: '1', message: 'OK', result };
}

/** The envelope of a refusal. It too comes with HTTP 200: tools read its text, and many no other status. */
export function notOkBody(result: string | null): object {
	return { status: '0', message: 'NOTOK', result };
}

/** The answer of `getcontractcreation` where nothing is known. */
export const noDataBody = { status: '0', message: 'No data found', result: null } as const;

/** The body of `GET /v2/chainlist`: not the envelope, and ids are strings there. */
export function chainListBody(chains: readonly Chain[], apiUrl: string, comments: string): object {
	return {
		comments,
		totalcount: chains.length,
		result: chains.map(({ id, name, explorerUrl }) => ({
			chainname: name,
			chainid: String(id),
			blockexplorer: explorerUrl ?? '',
			apiurl: `${apiUrl}?chainid=${id}`,
			status: 1,
			comment: '',
		})),
	};
}
