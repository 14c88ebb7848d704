import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { StandardJson } from '../../domain/source.ts';
import { description as whole } from '../../test/harness/description.ts';
import { assemble, type SourceParts } from './assemble.ts';
import { canonicalJson } from './values.ts';

const { hash, abiHash, abiSize, fileCount, size, fetchedAt, ...description } = whole;
const standardJson: StandardJson = {
	language: 'Solidity',
	sources: { 'b.sol': { content: 'ü' }, 'a.sol': { content: 'contract C {}\r\n' } },
	settings: { optimizer: { runs: 200, enabled: true }, remappings: ['b', 'a'] },
};
const make = (changes: Partial<SourceParts> = {}, maxSourceBytes = 1000) =>
	assemble({ description, standardJson, abi: null, ...changes }, maxSourceBytes);
const nest = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('the hash', () => {
	test('is the SHA-256 of the standard JSON with sorted keys', () => {
		const canonical =
			'{"language":"Solidity","settings":{"optimizer":{"enabled":true,"runs":200},"remappings":["b","a"]},"sources":{"a.sol":{"content":"contract C {}\\r\\n"},"b.sol":{"content":"ü"}}}';
		const expected = createHash('sha256').update(canonical).digest('hex');
		expect(make().description.hash).toBe(expected);
	});

	test('is the same for another order of keys', () => {
		const reversed = {
			settings: { remappings: ['b', 'a'], optimizer: { enabled: true, runs: 200 } },
			sources: { 'a.sol': { content: 'contract C {}\r\n' }, 'b.sol': { content: 'ü' } },
			language: 'Solidity',
		};
		expect(make({ standardJson: reversed }).description.hash).toBe(make().description.hash);
	});

	test.each<[string, StandardJson]>([
		['the language', { ...standardJson, language: 'Yul' }],
		['a content', { ...standardJson, sources: { 'a.sol': { content: 'contract C {}\n' } } }],
		['a setting', { ...standardJson, settings: {} }],
		['the order of a list', { ...standardJson, settings: { remappings: ['a', 'b'] } }],
		[
			'a file called __proto__',
			{ ...standardJson, sources: JSON.parse('{"__proto__":{"content":""}}') },
		],
	])('is another for a change of %s', (_what, changed) => {
		expect(make({ standardJson: changed }).description.hash).not.toBe(make().description.hash);
	});

	test('of the ABI is null where there is none', () => {
		expect(make().description.abiHash).toBeNull();
		const abi = [{ type: 'function', name: 'f' }];
		const expected = createHash('sha256').update('[{"name":"f","type":"function"}]').digest('hex');
		expect(make({ abi }).description.abiHash).toBe(expected);
	});
});

test('files are counted, and their bytes in UTF-8', () => {
	expect(make().description).toMatchObject({ fileCount: 2, size: 17 });
});

describe('a source is refused for good', () => {
	test('above the limit of bytes, not at it', () => {
		expect(make({}, 17).description.size).toBe(17);
		expect(() => make({}, 16)).toThrow(
			expect.objectContaining({ code: 'SOURCE_TOO_LARGE', followUp: { kind: 'final' } }),
		);
	});

	test('with more files than any real one has', () => {
		const names = Array.from({ length: 10_001 }, (_, index) => [`${index}.sol`, { content: '' }]);
		const many = { ...standardJson, sources: Object.fromEntries(names) };
		expect(() => make({ standardJson: many })).toThrow(
			expect.objectContaining({ code: 'SOURCE_TOO_LARGE' }),
		);
	});

	test('with an ABI, settings or a description beyond all that is real', () => {
		const refused = expect.objectContaining({ code: 'SOURCE_TOO_LARGE' });
		const long = 'x'.repeat(3_000_000);
		expect(() => make({ abi: [{ name: long }] })).toThrow(refused);
		const settings = { remappings: [long] };
		expect(() => make({ standardJson: { ...standardJson, settings } })).toThrow(refused);
		const sources = { [long]: { content: '' } };
		expect(() => make({ standardJson: { ...standardJson, sources } })).toThrow(refused);
		const constructorArguments = `0x${long}`;
		expect(() => make({ description: { ...make().description, constructorArguments } })).toThrow(
			refused,
		);
		const remappings = Array.from({ length: 20_000 }, () => '@oz/=lib/oz/');
		const description = { ...make().description, remappings };
		expect(() => make({ description })).toThrow(refused);
		expect(make({ abi: [{ name: 'x' }] }).description.abiSize).toBe(14);
	});

	test('with settings or an ABI nested too deep to be read again', () => {
		const refused = expect.objectContaining({ code: 'MALFORMED_RESPONSE' });
		const deep = { ...standardJson, settings: { x: nest(100_000) } };
		expect(() => make({ standardJson: deep })).toThrow(refused);
		expect(() => make({ abi: nest(100_000) as unknown[] })).toThrow(refused);
		expect(make({ abi: nest(100) as unknown[] }).abi).not.toBeNull();
	});
});

test('long constructor arguments are no part of the description', () => {
	const constructorArguments = `0x${'ab'.repeat(70_000)}`;
	const made = make({ description: { ...make().description, constructorArguments } });
	expect(made.longArguments).toBe(constructorArguments);
	expect(made.description).toMatchObject({
		...{ constructorArguments: '0x', argumentsSize: 140_002 },
		argumentsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
	});
	const short = make({ description: { ...make().description, constructorArguments: '0x00' } });
	expect(short.longArguments).toBeNull();
	expect(short.description).toMatchObject({ constructorArguments: '0x00', argumentsHash: null });
});

test('canonical JSON is JSON of the same value', () => {
	const value = JSON.parse('{"b":[1,null,true,"\\ud800\\n"],"10":{"__proto__":-0},"9":1.5e300}');
	expect(canonicalJson(value)).toBe(
		'{"10":{"__proto__":0},"9":1.5e+300,"b":[1,null,true,"\\ud800\\n"]}',
	);
});
