import { expect, test } from 'vitest';
import { mirrorFrom } from './mysql.ts';

const debian = 'PRETTY_NAME="Debian"\nID=debian\nVERSION_CODENAME=bookworm\n';
const stanza = [
	'Types: deb',
	'URIs: http://security.example/debian-security',
	'Suites: bookworm-security',
	'Components: main',
	'',
	'Types: deb',
	'# a comment',
	'URIs: http://mirror.example/debian/',
	'Suites: bookworm bookworm-updates',
	'Components: main contrib',
].join('\n');

test("the machine's own mirror is used, in either format of its sources", () => {
	expect(mirrorFrom(['', stanza], debian)).toBe('http://mirror.example/debian');
	const line = 'deb [arch=amd64 signed-by=/x] https://one.example/debian bookworm main\n';
	expect(mirrorFrom([line], debian)).toBe('https://one.example/debian');
});

test('without one that has the release, and on another distribution, it is the public one', () => {
	const own = 'deb http://apt.example/node nodistro main\ndeb cdrom:[x]/ bookworm main\n';
	expect(mirrorFrom([own], debian)).toBe('http://deb.debian.org/debian');
	const ubuntu = 'ID=ubuntu\nVERSION_CODENAME=noble\n';
	const line = 'deb http://archive.example/ubuntu noble main\n';
	expect(mirrorFrom([line], ubuntu)).toBe('http://deb.debian.org/debian');
});
