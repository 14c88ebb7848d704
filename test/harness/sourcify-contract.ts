import { parseAddress } from '../../domain/address.ts';
import type { ContractOptions } from '../../sources/sourcify/contract.ts';

/** For tests: a contract in the form in which Sourcify's API v2 sends it. */
export const asked: ContractOptions = {
	key: { chainId: 1, address: parseAddress('0x00000000219ab540356cBB839Cbe05303d7705Fa') },
	origin: 'sourcify.example',
	maxSourceBytes: 1_000_000,
};

export const library = `0x${'ab'.repeat(20)}`;

const compilerSettings = {
	optimizer: { enabled: true, runs: 999 },
	evmVersion: 'paris',
	libraries: { 'lib/Math.sol': { Math: library } },
	remappings: ['@a/=lib/a/'],
	viaIR: true,
};

export const stdJsonInput = {
	language: 'Solidity',
	sources: {
		'lib/Math.sol': { content: 'library Math {}' },
		'contracts/Main.sol': {
			content: '// SPDX-License-Identifier: MIT\r\ncontract Token {}\r\n',
		},
	},
	settings: compilerSettings,
};

export const contract = {
	stdJsonInput,
	compilation: {
		language: 'Solidity',
		compiler: 'solc',
		compilerVersion: '0.8.19+commit.7dd6d404',
		compilerSettings,
		name: 'Token',
		fullyQualifiedName: 'contracts/Main.sol:Token',
	},
	abi: [{ type: 'function', name: 'f' }],
	proxyResolution: { isProxy: false, proxyType: null, implementations: [] },
	creationBytecode: { transformationValues: { constructorArguments: '0x00ff' } },
	runtimeBytecode: { transformationValues: {} },
	matchId: '7',
	creationMatch: 'match',
	runtimeMatch: 'exact_match',
	verifiedAt: '2026-01-02T03:04:05Z',
	match: 'exact_match',
	chainId: '1',
	address: '0x00000000219ab540356cBB839Cbe05303d7705Fa',
};

/** What Sourcify says of a contract that it does not have, with HTTP 404. */
export const notVerified = {
	match: null,
	creationMatch: null,
	runtimeMatch: null,
	chainId: '1',
	address: contract.address,
};
