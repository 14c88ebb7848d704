import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseAddress } from './address.ts';
import { type Contract, contracts, newContract } from './contract.ts';
import { defineRecord, time, whole } from './record.ts';
import { sourceDescriptions } from './source.ts';

const key = { chainId: 1, address: parseAddress(`0x${'ab'.repeat(20)}`) };
const contract: Contract = {
	...newContract(key, new Date(1)),
	status: 'SUCCESS',
	ruledOut: [{ provider: 'SOURCIFY', at: new Date(2) }],
	nextAttemptAt: new Date(3),
	source: {
		...{ hash: 'ab'.repeat(32), abiHash: null, abiSize: 0, provider: 'ETHERSCAN', origin: 'host' },
		...{ name: 'Token', language: 'Solidity', compilerVersion: 'v0.8.9', evmVersion: null },
		...{ optimizer: { enabled: true, runs: 200 }, license: null, constructorArguments: '0x' },
		...{ argumentsHash: null, argumentsSize: 0 },
		...{ libraries: [{ name: 'L', address: key.address }], viaIr: true, remappings: ['a=b'] },
		...{ match: 'EXACT', similarMatch: key.address, implementations: [key.address] },
		...{ proxyKind: 'EIP1967', delivered: null, creation: null },
		...{ mainPath: 'T.sol', fileCount: 1, size: 10, fetchedAt: new Date(4) },
	},
};
const withoutVersion = JSON.stringify(contract);

test('what was written comes back as it was, with its dates', () => {
	expect(contracts.read(contracts.write(contract))).toEqual(contract);
});

test('what a former release wrote, which names no version, is read and checked', () => {
	expect(contracts.read(withoutVersion)).toEqual(contract);
	expect(() => contracts.read(withoutVersion.replace('SUCCESS', 'DONE'))).toThrow('status');
	for (const text of ['{"shape":"old"}', '[]', 'null', '', '{"format":"0123456789ab"}']) {
		expect(() => contracts.read(text)).toThrow();
	}
});

test('what an early release did not store has its default', () => {
	const { argumentsHash, argumentsSize, abiSize, viaIr, remappings, ...rest } = {
		...contract.source,
	};
	const { similarMatch, implementations, proxyKind, delivered, creation, ...early } = rest;
	expect(sourceDescriptions.read(JSON.stringify(early))).toEqual({
		...early,
		...{ abiSize: 0, viaIr: false, remappings: [], similarMatch: null, implementations: [] },
		...{ proxyKind: null, argumentsHash: null, argumentsSize: 0, delivered: null },
		creation: null,
	});
});

test('a former release reads what is written: to it, the version is a field that it does not know', () => {
	const former = z.object({ chainId: z.number(), version: z.number() });
	expect(former.parse(JSON.parse(contracts.write(contract)))).toEqual({ chainId: 1, version: 0 });
});

test('another definition has another version, and what was written by it is checked', () => {
	const [first, second] = [{ at: time }, { at: time, more: whole.default(7) }].map((fields) =>
		defineRecord<object>(z.object(fields)),
	);
	expect(first?.version).not.toBe(second?.version);
	const text = first?.write({ at: new Date(1) }) ?? '';
	expect(second?.read(text)).toEqual({ at: new Date(1), more: 7 });
});
