import { expect, test } from 'vitest';
import { hrefOf, type Place, routeOf } from './route.ts';

const place: Place = { chain: '1', address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2' };
const read = (href: string) => routeOf(new URL(href, 'http://localhost'));

test.each([
	'contracts/Token.sol',
	'a b/ü#?%&.sol',
	'abi',
	'settings',
	'versions',
	'diff/a..b',
	'a//b.sol',
	'../../etc/passwd',
	'./x.sol',
	'',
	'/absolute.sol',
	'\ud800.sol',
	'<script>.sol',
	'a\\b.sol',
])('a link leads back to the file %j', (path) => {
	const href = hrefOf({ ...place, file: { path, number: 7 }, lines: { from: 2, to: 4 } });
	const route = read(new URL(href, 'http://localhost').href);
	expect(route).toMatchObject({ view: 'contract', tab: 'code', lines: { from: 2, to: 4 } });
	const file = route?.view === 'contract' ? route.file : null;
	expect([path, 7]).toContain(file);
});

test.each(['abi', 'settings', 'versions'] as const)('%s is a view of its own', (tab) => {
	expect(read(hrefOf({ ...place, tab, of: '0xabc' }))).toMatchObject({
		tab,
		file: null,
		of: '0xabc',
	});
});

test('a diff names two sources', () => {
	const diff = { from: 'ab12', to: 'cd34' };
	expect(read(hrefOf({ ...place, tab: 'diff', diff }))).toMatchObject({ tab: 'diff', diff });
});

test('a list holds its addresses', () => {
	expect(read('/list?chain=10&addresses=0x1,0x2')).toEqual({
		...{ view: 'list', chain: '10', addresses: ['0x1', '0x2'] },
	});
});

test.each([
	'/graphql',
	'/graphiql/a.js',
	'/contracts/1/0x1/files',
	'/assets/a.js',
	'/v2/api',
	'/1',
])('%s is none of the page’s', (href) => expect(read(href)).toBeNull());

test('a link that somebody mistyped is still a contract’s, for the page to say what is wrong', () => {
	expect(read('/1x/0xZZ%')).toMatchObject({ view: 'contract', chain: '1x', address: '0xZZ%' });
});
