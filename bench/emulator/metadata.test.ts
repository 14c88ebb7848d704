import { keccak256, stringToBytes } from 'viem';
import { expect, test } from 'vitest';
import { fromMetadata } from './metadata.ts';

const compiled = 'pragma solidity 0.8.18;\ncontract A {}\n';
const facts = { abi: [], deployedBytecode: '', constructorArguments: '' };

function metadataOf(content: string): string {
	return JSON.stringify({
		compiler: { version: '0.8.18+commit.87f61d96' },
		settings: { compilationTarget: { 'A.sol': 'A' }, viaIR: true },
		sources: { 'A.sol': { keccak256: keccak256(stringToBytes(compiled)), content } },
	});
}

test('a file that was compiled is taken as it is, and the settings without the target', () => {
	const contract = fromMetadata(metadataOf(compiled), facts);
	expect(contract.files.get('A.sol')).toBe(compiled);
	expect(contract.settings).toEqual({ viaIR: true });
});

test('a pragma raised after the deployment is put back', () => {
	const contract = fromMetadata(metadataOf(compiled.replace('0.8.18', '0.8.19')), facts);
	expect(contract.files.get('A.sol')).toBe(compiled);
});

test('a file that is not the compiled one is refused', () => {
	expect(() => fromMetadata(metadataOf(`${compiled} `), facts)).toThrow(
		'A.sol is not the file that was compiled',
	);
});
