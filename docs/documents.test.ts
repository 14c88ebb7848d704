import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const documents = globSync('**/*.md', {
	cwd: root,
	exclude: (name) => ['node_modules', '.data', '.git'].includes(name),
});
const textOf = (name: string) => readFileSync(join(root, name), 'utf8');

test('every link between documents leads to a file and a heading that are there', () => {
	const broken = documents.flatMap((name) =>
		[...textOf(name).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].flatMap(([, target = '']) => {
			const [path = '', heading] = target.split('#');
			const file = path === '' ? name : join(dirname(name), path);
			if (!existsSync(join(root, file))) return [`${name}: ${target}`];
			return heading && !headingsOf(textOf(file)).includes(heading) ? [`${name}: ${target}`] : [];
		}),
	);
	expect(broken).toEqual([]);
});

test('every file that a document names by its path is there', () => {
	const path = /`([\w.-]+(?:\/[\w.*-]+)+\.(?:ts|mjs|md|json|ya?ml))`/g;
	const missing = documents
		// What changed in a release names files of its time.
		.filter((name) => name !== 'CHANGELOG.md')
		.flatMap((name) =>
			[...textOf(name).matchAll(path)]
				.filter(([, named = '']) => globSync(named, { cwd: root }).length === 0)
				.map(([, named]) => `${name}: ${named}`),
		);
	expect(missing).toEqual([]);
});

test('every npm run that a document names is a script', () => {
	const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
	const unknown = documents.flatMap((name) =>
		[...textOf(name).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)]
			.filter(([, script = '']) => !(script in scripts))
			.map(([, script]) => `${name}: ${script}`),
	);
	expect(unknown).toEqual([]);
});

test('README and CONTRIBUTING stay short', () => {
	expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(150);
	expect(textOf('CONTRIBUTING.md').split('\n').length).toBeLessThanOrEqual(120);
});

/** As GitHub makes anchors of them. */
function headingsOf(text: string): string[] {
	return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\w\s-]/g, '')
			.replaceAll(' ', '-'),
	);
}
