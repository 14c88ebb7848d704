import type { SourceDescription } from '../../domain/source.ts';

/** Of a small source, for tests in which only a few of its facts matter. */
export const description: SourceDescription = {
	hash: 'a'.repeat(64),
	abiHash: null,
	abiSize: 0,
	provider: 'ETHERSCAN',
	origin: 'api.etherscan.io',
	name: 'T',
	language: 'Solidity',
	compilerVersion: 'v0.8.9',
	evmVersion: null,
	optimizer: { enabled: true, runs: 200 },
	license: null,
	constructorArguments: '0x',
	libraries: [],
	viaIr: false,
	remappings: [],
	similarMatch: null,
	implementations: [],
	match: 'UNKNOWN',
	mainPath: 'T.sol',
	fileCount: 1,
	size: 10,
	fetchedAt: new Date(0),
};
