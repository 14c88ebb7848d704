import { expect, test } from 'vitest';
import { pathBelow } from '../http.ts';
import { parseBlockscoutUrl } from './client.ts';

test.each([
	['https://api.blockscout.com', 'https://api.blockscout.com/'],
	[' https://api.blockscout.com/ ', 'https://api.blockscout.com/'],
	['http://127.0.0.1:8080/base?via=1', 'http://127.0.0.1:8080/base?via=1'],
])('%j is the PRO interface', (text, href) => {
	const at = parseBlockscoutUrl(text);
	expect(at.kind === 'pro' && at.url.href).toBe(href);
});

test('a list names an instance for each chain', () => {
	const at = parseBlockscoutUrl('1=https://eth.example, 100 = https://gnosis.example/x?a=b');
	const urls = at.kind === 'instances' ? [...at.urls].map(([id, url]) => [id, url.href]) : [];
	expect(urls).toEqual([
		[1, 'https://eth.example/'],
		[100, 'https://gnosis.example/x?a=b'],
	]);
});

test.each([
	['', /^the URL of Blockscout has to be/],
	['nonsense', /^the URL of Blockscout has to be/],
	['ftp://host/', /http\(s\)/],
	['https://me:hunter2@host/', /without a user or password/],
	['1=https://me:hunter2@host/', /chain 1 .*without a user or password/],
	['1=', /chain 1 /],
	['1=https://a,', /^entry 2 .*chain id/],
	['1=https://a,hunter2', /^entry 2 .*chain id/],
	['one=https://a', /^entry 1 .*chain id/],
	['0=https://a', /^entry 1 .*chain id/],
	['99999999999999999999=https://a', /^entry 1 .*chain id/],
	['1=https://a,1=https://b', /name chain 1 twice/],
])('%j is refused without being repeated', (text, message) => {
	expect(() => parseBlockscoutUrl(text)).toThrow(message);
	expect(() => parseBlockscoutUrl(text)).toThrow(/^(?!.*hunter2)/);
});

test('a path goes below that of the URL, before its query', () => {
	const href = (base: string) => pathBelow(new URL(base), '1/api').href;
	expect(href('https://a')).toBe('https://a/1/api');
	expect(href('https://a/b//?c=d')).toBe('https://a/b/1/api?c=d');
});
