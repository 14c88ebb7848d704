import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import { decodePath, downloadRoute, fileUrl } from './download-url.ts';

const key = { chainId: 1, address: parseAddress(`0x${'ab'.repeat(20)}`) };

test.each([
	['a/b.sol', '/files/a%2Fb.sol'],
	['../x.sol', '/files/..%2Fx.sol'],
	['100% \n?#.sol', '/files/100%25%20%0A%3F%23.sol'],
	['代.sol', '/files/%E4%BB%A3.sol'],
	['\udfff.sol', '/files/%ED%BF%BF.sol'],
	['', '/files?path='],
	['..', '/files?path=..'],
])('the URL of %j ends in %s', (path, end) => {
	expect(fileUrl(key, path)).toBe(`/contracts/1/${key.address}${end}`);
});

test('whatever the path, its URL survives a browser and leads back to it', () => {
	const odd = fc.constantFrom(
		'.',
		'..',
		'/',
		'%',
		'%2e',
		'\\',
		'?',
		'#',
		'&path=',
		'\ud83d',
		'\ude00',
	);
	const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
	const anyPath = fc.array(fc.oneof(odd, unit), { maxLength: 8 }).map((parts) => parts.join(''));
	const anyHash = fc.option(fc.constant('ab'.repeat(32)));
	fc.assert(
		fc.property(anyPath, anyHash, (path, hash) => {
			const url = new URL(fileUrl(key, path, hash), 'http://localhost');
			const route = downloadRoute(url.pathname + url.search);
			expect(route).toMatchObject({ resource: 'files', hash });
			expect(decodePath(route?.path ?? 'no path')).toBe(path);
		}),
		{ numRuns: 1000 },
	);
});

test.each(['%', '%zz', '%2', '%ff', '%ED%A0'])('%s is refused as malformed', (raw) => {
	expect(() => decodePath(raw)).toThrow('malformed percent-encoding');
});
