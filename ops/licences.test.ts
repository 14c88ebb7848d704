import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** SPDX ids of licences that ask for no more than to be named. */
const allowed = [
	'MIT',
	'ISC',
	'0BSD',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'Apache-2.0',
	'BlueOak-1.0.0',
];

interface Locked {
	version: string;
	license?: string;
	dev?: boolean;
}

const lock = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(lock) as { packages: Record<string, Locked> };
const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);

/** Of `(A OR B)` whoever uses it chooses one. */
function isAllowed(license = ''): boolean {
	const choices = license.replace(/^\((.*)\)$/, '$1').split(' OR ');
	return choices.some((one) => allowed.includes(one));
}

test('every package that production installs is under a licence that may be used', () => {
	const others = production.filter(([, { license }]) => !isAllowed(license));
	expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
	expect(production.length).toBeGreaterThan(100);
});

test.each(['GPL-3.0-only', 'UNLICENSED', '', 'MIT AND GPL-2.0-only', '(AGPL-3.0-only)'])(
	'"%s" is none of them',
	(license) => expect(isAllowed(license)).toBe(false),
);
