import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ops } from './files.ts';

const root = dirname(ops);
const dockerfile = readFileSync(join(ops, 'Dockerfile'), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const commands = [
	...['server/main.ts', 'worker/main.ts', 'warmup/main.ts', 'ops/migrate.ts'],
	...['ops/admin/main.ts', 'ops/alertmanager/main.ts', 'ops/quick-imports.ts'],
];

/** The files and packages that these files import, and those that they import in turn. */
function imported(files: readonly string[]) {
	const seen = new Set(files);
	const packages = new Set<string>();
	for (const file of seen) {
		const text = readFileSync(join(root, file), 'utf8').replace(/^import type .*?;$/gms, '');
		for (const [, name = ''] of text.matchAll(/(?:from |import |import\()'([\w@./:-]+)'/g)) {
			if (name.startsWith('.')) seen.add(join(dirname(file), name));
			else packages.add(name);
		}
	}
	return { files: [...seen], packages: [...packages] };
}

const { files, packages } = imported(commands);

test('the image holds every file that its commands import', () => {
	const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) =>
		list.split(' '),
	);
	expect(files.length).toBeGreaterThan(100);
	const absent = files.filter(
		(file) => !copied.some((place) => file === place || file.startsWith(`${place}/`)),
	);
	expect(absent).toEqual([]);
});

test('the image holds every package that they import, without those for development', () => {
	const outside = packages.filter(
		(name) => !name.startsWith('node:') && !builtinModules.includes(name),
	);
	const absent = outside.filter(
		(name) => !Object.keys(manifest.dependencies).some((one) => `${name}/`.startsWith(`${one}/`)),
	);
	expect(absent).toEqual([]);
});

test('nothing that the image needs is kept from it', () => {
	const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
	const let_in = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
	const kept = ignored.filter((line) => /^ops\//.test(line));
	for (const file of files) {
		const path = relative('.', file);
		expect(
			let_in.some((place) => path === place || path.startsWith(`${place}/`)),
			path,
		).toBe(true);
		expect(
			kept.some((place) => path.startsWith(place)),
			path,
		).toBe(false);
	}
});

test('the image runs the Node.js that the tests run on', () => {
	const tested = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8'));
	const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version);
	expect(versions).toEqual([tested.version, tested.version]);
});
