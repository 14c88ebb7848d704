import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { packagesFor } from '../services/programs.ts';
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

/** Without the path in it. */
function packageOf(name: string): string {
	return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
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
	expect(outside.filter((name) => !(packageOf(name) in manifest.dependencies))).toEqual([]);
});

test('the image holds the programs that backup and restore start', () => {
	const [, installed = ''] = /apt-get install (?:-\S+ )*([^&\\]+)/.exec(dockerfile) ?? [];
	const [last = ''] = dockerfile.split(/^FROM /m).slice(-1);
	expect(last).toContain('apt-get install');
	for (const name of packagesFor(['mariadb-dump', 'mariadb'])) {
		expect(installed.split(/\s+/)).toContain(name);
	}
});

test('npm start needs no package for development, nor does the emulator', () => {
	const started = imported(['ops/start.ts', 'bench/emulator/main.ts', ...commands]).packages;
	const development = Object.keys(manifest.devDependencies);
	expect(started.filter((name) => development.includes(packageOf(name)))).toEqual([]);
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

test('image, dev container and workflows have the Node.js that the tests run on', () => {
	const tested = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8'));
	const places = [
		'ops/Dockerfile',
		'.devcontainer/devcontainer.json',
		'.github/workflows/check.yml',
	];
	const texts = places.map((place) => readFileSync(join(root, place), 'utf8'));
	const versions = [...texts.join('\n').matchAll(/\bnode:(\d[\d.]+)-/g)].map(([, one]) => one);
	expect(versions).toEqual(Array(4).fill(tested.version));
});

test('the image has the version of package.json', () => {
	expect(dockerfile).toContain(`ARG VERSION=${manifest.version}\n`);
});
