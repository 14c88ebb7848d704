import { expect, test } from 'vitest';
import { createHostCheck } from './host-names.ts';

const always = ['127.0.0.1', '127.0.0.1:4000', '[::1]:4000', '10.0.0.7:80', '', undefined];

test.each(['127.0.0.1', '::1', 'localhost'])(
	'what listens on %s alone takes the names of this machine',
	(address) => {
		const isExpected = createHostCheck(undefined, address);
		for (const host of [
			...always,
			'localhost',
			'LOCALHOST:4000',
			'app.localhost:1',
			'localhost.',
		]) {
			expect([host, isExpected(host)]).toEqual([host, true]);
		}
		for (const host of ['page.example:4000', 'localhost.page.example', 'notlocalhost', '[::1].x']) {
			expect([host, isExpected(host)]).toEqual([host, false]);
		}
	},
);

test('what others reach takes any name, unless some are set', () => {
	expect(createHostCheck(undefined, '0.0.0.0')('page.example')).toBe(true);
	expect(createHostCheck(['*'], '127.0.0.1')('page.example')).toBe(true);
	const isExpected = createHostCheck(['app.example'], '0.0.0.0');
	for (const host of [...always, 'app.example', 'App.Example:443']) {
		expect([host, isExpected(host)]).toEqual([host, true]);
	}
	for (const host of ['localhost', 'page.example', 'x.app.example']) {
		expect([host, isExpected(host)]).toEqual([host, false]);
	}
});
