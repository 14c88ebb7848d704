import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Files } from '../reading/files.ts';
import { readSourceCode } from './files.ts';

const plain = 'pragma solidity ^0.8.0;\r\ncontract C {}\r\n\t ';
const standard = {
	sources: { 'b.sol': { content: plain }, 'a.sol': { content: 'x' } },
	settings: { optimizer: { enabled: true } },
	language: 'Solidity',
};
const map = { 'a.sol': { content: plain }, 'b.sol': { content: '' } };
const json = JSON.stringify(standard);

describe('the shape is', () => {
	test.each([
		['one file', plain],
		['one file with a byte order mark', `\uFEFF${plain}`],
		['one file that begins with a brace', '{ not JSON }'],
		['one file that begins and ends with two braces', '{{ not JSON }}'],
		['one file where standard JSON was cut short', `{${json.slice(0, -5)}`],
		['one file where it is JSON but no object', '["a.sol"]'],
	])('plain: %s, byte for byte', (_what, text) => {
		expect(readSourceCode(text)).toEqual({ shape: 'plain', text });
	});

	test.each([
		['in two pairs of braces', `{${json}}`],
		['in two pairs of braces with line ends around', `{\r\n${json}\r\n}\n`],
		['with the second brace on a line of its own', `{{\r\n${json.slice(1)}}\n`],
		['after a byte order mark', `\uFEFF{${json}}`],
		['in one pair of braces', json],
		['as a real object', structuredClone(standard)],
	])('standard JSON: %s', (_what, value) => {
		expect(readSourceCode(value)).toEqual({
			shape: 'standard',
			json: standard,
			files: standard.sources,
		});
	});

	test.each([
		['in one pair of braces', JSON.stringify(map)],
		['in two pairs of braces', `{${JSON.stringify(map)}}`],
		['with plain strings', JSON.stringify({ 'a.sol': plain, 'b.sol': '' })],
		['as a real object', structuredClone(map)],
	])('a map of files: %s', (_what, value) => {
		expect(readSourceCode(value)).toEqual({ shape: 'files', files: map });
	});

	test.each(['', ' \r\n\t', '\uFEFF', null, undefined])('nothing: %j', (value) => {
		expect(readSourceCode(value)).toEqual({ shape: 'none' });
	});

	test.each([
		['an empty object', '{}'],
		['sources without a file', '{{"language":"Solidity","sources":{}}}'],
		['a source by URL only', '{"sources":{"a.sol":{"urls":["ipfs://x"]}}}'],
		['a source that is a number', '{"sources":{"a.sol":7}}'],
		['a source whose content is a number', '{"sources":{"a.sol":{"content":7}}}'],
		['a source that is null', '{"a.sol":null}'],
		['settings without sources', '{"language":"Solidity","settings":{}}'],
		['sources in a list', '{"sources":[]}'],
		['sources as a text', '{{"language":"Solidity","sources":"x"}}'],
		['sources as a text, in one pair of braces', '{"language":"Solidity","sources":"x"}'],
		['sources as a text, as a real object', { language: 'Vyper', sources: 'x' }],
		['sources as a text without a language', '{{"sources":"x"}}'],
		['sources as null', '{{"language":"Yul","sources":null,"settings":{}}}'],
		['a language alone', '{{"language":"Solidity"}}'],
		['a language alone, in one pair of braces', '{"language":"Solidity"}'],
		['a language that is not known beside sources as a text', '{{"language":"Fe","sources":"x"}}'],
		['a number', 7],
		['a list', ['a.sol']],
	])('unreadable: %s', (_what, value) => {
		expect(readSourceCode(value)).toEqual({ shape: 'unreadable' });
	});
});

test('a map of files may hold a file called `sources`', () => {
	const files = { sources: { content: 'x' }, language: { content: 'y' } };
	expect(readSourceCode(JSON.stringify(files))).toEqual({ shape: 'files', files });
});

test('other fields of a file are left out', () => {
	const text = '{"sources":{"a.sol":{"keccak256":"0x00","content":"x","urls":[]}}}';
	expect(readSourceCode(text)).toMatchObject({ files: { 'a.sol': { content: 'x' } } });
});

const oddPaths = [
	'__proto__',
	'constructor',
	'hasOwnProperty',
	'sources',
	'language',
	'content',
	'',
	'.sol',
	'7',
	'../../etc/passwd',
	'/C/Users/x.sol',
	'C:\\x.sol',
	'https://host/a/../../contracts//X.sol',
	'@openzeppelin/contracts@4.9.2/A.sol',
	'a\nb.sol',
	'Attack',
	'Attack.sol',
	'attack.sol',
	'nul\u0000.sol',
];
const path = fc.oneof(fc.constantFrom(...oddPaths), fc.string(), fc.string({ unit: 'binary' }));
const content = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.constantFrom('', plain, '\uFEFF', '‮RTL ​ 😀', '}}', '{{', '\ud800'),
);
const pairs = fc.uniqueArray(fc.tuple(path, content), { selector: ([key]) => key, minLength: 1 });

const asFiles = (list: [string, string][]): Files =>
	Object.fromEntries(list.map(([key, text]) => [key, { content: text }]));
const shapes: [string, (files: Files) => unknown][] = [
	['{{standard JSON}}', (sources) => `{${JSON.stringify({ language: 'Yul', sources })}}`],
	['{standard JSON}', (sources) => JSON.stringify({ sources, language: 'Vyper' })],
	['standard JSON as an object', (sources) => ({ language: 'Solidity', sources })],
	['{path: {content}}', (files) => JSON.stringify(files)],
	['{{path: {content}}}', (files) => `{${JSON.stringify(files)}}`],
	[
		'{path: text}',
		(files) =>
			JSON.stringify(
				Object.fromEntries(Object.entries(files).map(([key, file]) => [key, file.content])),
			),
	],
];

test.each(shapes)('any files come out of %s exactly as they went in', (_name, wrap) => {
	fc.assert(
		fc.property(pairs, (list) => {
			const code = readSourceCode(wrap(asFiles(list)));
			if (!('files' in code)) throw new Error(`read as ${code.shape}`);
			const read = Object.entries(code.files).map(([key, file]) => [key, file.content]);
			expect(new Map(read as [string, string][])).toEqual(new Map(list));
		}),
	);
});

test('any text that is not JSON comes out exactly as it went in', () => {
	const text = fc.string({ unit: 'binary', minLength: 1 }).map((tail) => `contract ${tail}`);
	fc.assert(
		fc.property(text, (code) => {
			expect(readSourceCode(code)).toEqual({ shape: 'plain', text: code });
		}),
	);
});
