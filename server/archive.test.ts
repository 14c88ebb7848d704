import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { SourceFile } from '../domain/source.ts';
import { namesFile, safeNames, zipOf } from './archive.ts';

function file(path: string, content: string): SourceFile {
	return { path, content, size: Buffer.byteLength(content) };
}

/** The entries of a zip by its central directory, each checked against its CRC. */
function unzip(zip: Buffer): Map<string, string> {
	const entries = new Map<string, string>();
	const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
	let at = zip.readUInt32LE(end + 16);
	for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
		expect(zip.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
		const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
		const name = zip.toString('utf8', at + 46, nameEnd);
		const local = zip.readUInt32LE(at + 42);
		const localNameEnd = local + 30 + zip.readUInt16LE(local + 26);
		expect(zip.toString('utf8', local + 30, localNameEnd)).toBe(name);
		const data = localNameEnd + zip.readUInt16LE(local + 28);
		const bytes = inflateRawSync(zip.subarray(data, data + zip.readUInt32LE(at + 20)));
		expect(bytes.length).toBe(zip.readUInt32LE(at + 24));
		expect(crc32(bytes)).toBe(zip.readUInt32LE(at + 16));
		expect(entries.has(name)).toBe(false);
		entries.set(name, bytes.toString());
		at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
	}
	return entries;
}

async function unzipped(files: SourceFile[]): Promise<Map<string, string>> {
	return unzip(await buffer(zipOf(files)));
}

test('files with safe names come back as they are, and nothing else', async () => {
	const files = [
		file('a/A.sol', 'contract A {}\r\n'),
		file('empty.sol', ''),
		file('ü.sol', '\ufeff代'),
	];
	expect([...(await unzipped(files))]).toEqual(files.map(({ path, content }) => [path, content]));
});

test('an archive of nothing is a valid zip', async () => {
	expect(await unzipped([])).toEqual(new Map());
});

test('changed names are listed in verifeed-names.json', async () => {
	const files = [file('../x.sol', 'x'), file('__proto__ ', 'p'), file('y.sol', 'y')];
	const entries = await unzipped(files);
	expect([...entries.keys()]).toEqual(['_/x.sol', '__proto__', 'y.sol', namesFile]);
	const { names, inexact } = JSON.parse(entries.get(namesFile) ?? '');
	expect(Object.entries(names)).toEqual([
		['_/x.sol', '../x.sol'],
		['__proto__', '__proto__ '],
	]);
	expect(inexact).toEqual([]);
});

test('a file cannot pass itself off as verifeed-names.json', async () => {
	const entries = await unzipped([file(namesFile, 'forged')]);
	expect(entries.get('_verifeed-names.json')).toBe('forged');
	expect(JSON.parse(entries.get(namesFile) ?? '').names).toEqual({
		'_verifeed-names.json': namesFile,
	});
});

test('a content that has no UTF-8 is written with replacements and listed', async () => {
	const entries = await unzipped([file('a.sol', 'a\ud800b'), file('b.sol', '😀')]);
	expect(entries.get('a.sol')).toBe('a\ufffdb');
	expect(JSON.parse(entries.get(namesFile) ?? '')).toMatchObject({ names: {}, inexact: ['a.sol'] });
});

describe('whatever the files are', () => {
	const content = fc.string({ unit: 'binary', maxLength: 200 });
	const someFiles = fc
		.dictionary(fc.string({ unit: 'binary', maxLength: 12 }), content, { maxKeys: 8 })
		.map((sources) => Object.entries(sources).map(([path, text]) => file(path, text)));

	test('each comes back with its content, and every original path can be found', async () => {
		await fc.assert(
			fc.asyncProperty(someFiles, async (files) => {
				const entries = await unzipped(files);
				const { names } = JSON.parse(entries.get(namesFile) ?? '{"names":{}}');
				entries.delete(namesFile);
				const originals = [...entries].map(([name, text]) => {
					return [Object.hasOwn(names, name) ? names[name] : name, text];
				});
				expect(originals).toEqual(files.map(({ path, content }) => [path, content]));
				expect([...entries.keys()].sort()).toEqual(
					[...safeNames(files.map(({ path }) => path)).values()].sort(),
				);
			}),
		);
	});
});

test('the same files give the same bytes in every time zone', async () => {
	const files = [file('b.sol', 'b'.repeat(5000)), file('../a.sol', 'a')];
	onTestFinished(() => void vi.unstubAllEnvs());
	vi.stubEnv('TZ', 'Pacific/Kiritimati');
	const east = await buffer(zipOf(files));
	vi.stubEnv('TZ', 'America/Los_Angeles');
	expect(new Date(0).getHours()).toBe(16);
	expect(east.equals(await buffer(zipOf(files)))).toBe(true);
});

test('a destroyed archive ends quietly', async () => {
	const zip = zipOf(Array.from({ length: 50 }, (_, n) => file(`${n}.sol`, 'x'.repeat(100_000))));
	await once(zip, 'readable');
	zip.destroy();
	await once(zip, 'close');
	expect(zip.destroyed && zip.errored === null).toBe(true);
});
