import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findProgram } from './programs.ts';
import { environmentOf, treeOf, unpackedTrees, unpackPackages } from './unpacked.ts';

const packages = [`verifeed-test-${process.pid}`, 'its-library'];

// Knows no package before its lists are up to date, and then "fetches" one.
const aptGet = `#!/bin/sh
echo "$*" >>"$CALLS"
for word; do
	case $word in
		Dir::State::lists=*) lists=\${word#*=} ;;
		Dir::Cache::archives=*) debs=\${word#*=} ;;
		update) touch "$lists/fresh"; exit 0 ;;
	esac
done
if [ ! -e "$lists/fresh" ]; then echo "E: Unable to locate package" >&2; exit 100; fi
touch "$debs/one_1.0_all.deb"`;

const dpkgDeb = `#!/bin/sh
mkdir -p "$3/usr/bin" "$3/usr/lib/erlang/bin" "$3/usr/lib/x86_64-linux-gnu"
echo 'ROOTDIR=/usr/lib/erlang' >"$3/usr/lib/erlang/bin/erl"
touch "$3/usr/bin/verifeed-test"
chmod +x "$3/usr/bin/verifeed-test"`;

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'verifeed-unpacked-'));
	mkdirSync(join(folder, 'bin'));
	for (const [name, text] of Object.entries({ 'apt-get': aptGet, 'dpkg-deb': dpkgDeb })) {
		writeFileSync(join(folder, 'bin', name), text);
		chmodSync(join(folder, 'bin', name), 0o755);
	}
	vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`);
	vi.stubEnv('CALLS', join(folder, 'calls'));
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true });
	const tree = unpackedTrees().find((one) => one.endsWith(packages.join('+')));
	if (tree) rmSync(tree, { recursive: true });
});

test('packages are unpacked once, with fresh lists where the own ones do not do, and run from their tree', async () => {
	expect(findProgram('verifeed-test')).toBeUndefined();
	await Promise.all([unpackPackages(packages), unpackPackages(packages)]);
	const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
	expect(calls.map((call) => call.split(' ').at(-1))).toEqual([
		'its-library',
		'update',
		'its-library',
	]);
	const program = findProgram('verifeed-test') ?? '';
	const tree = treeOf(program) ?? '';
	expect(program).toBe(join(tree, 'usr/bin/verifeed-test'));
	expect(readFileSync(join(tree, 'usr/lib/erlang/bin/erl'), 'utf8')).toBe(
		`ROOTDIR="${tree}/usr/lib/erlang"\n`,
	);
	expect(environmentOf(program, { PATH: '/bin', A: '1' })).toEqual({
		A: '1',
		PATH: `${tree}/usr/bin:${tree}/usr/sbin:/bin`,
		LD_LIBRARY_PATH: `${tree}/usr/lib/x86_64-linux-gnu`,
		ERL_LIBS: `${tree}/usr/lib/erlang/lib`,
	});
});

test('a program that is installed has the environment as it is', () => {
	const env = { PATH: '/bin' };
	expect(environmentOf('/usr/bin/env', env)).toBe(env);
});

test('where packages cannot be had the error says what apt-get said, and nothing is left', async () => {
	writeFileSync(join(folder, 'bin/apt-get'), '#!/bin/sh\necho "E: no network" >&2; exit 100');
	await expect(unpackPackages(packages)).rejects.toMatchObject({ stderr: 'E: no network\n' });
	expect(unpackedTrees().filter((tree) => tree.endsWith(packages.join('+')))).toEqual([]);
});
