import { expect, test } from 'vitest';
import { closedAtFirst, type Folder, filtered, treeOf } from './tree.ts';

const files = (...paths: string[]) =>
	paths.map((path, index) => ({ path, size: 1, url: '', number: index + 1 }));

function outline({ name, folders, files }: Folder): unknown {
	return { [name]: [...folders.map(outline), ...files.map((file) => file.name)] };
}

test('files stand in their folders, and a chain of folders is one line', () => {
	const tree = treeOf(
		files('a/b/c/One.sol', 'a/b/c/Two.sol', 'd/e/Three.sol', 'd/Four.sol', 'Five.sol'),
	);
	expect(outline(tree)).toEqual({
		'': [
			{ 'a/b/c': ['One.sol', 'Two.sol'] },
			{ d: [{ e: ['Three.sol'] }, 'Four.sol'] },
			'Five.sol',
		],
	});
});

test('every name is a name: empty, dots, markup, those of objects', () => {
	const odd = [
		'',
		'/',
		'../../etc/passwd',
		'a//b.sol',
		'__proto__/x.sol',
		'<img src=x>/y',
		'constructor',
	];
	const seen: string[] = [];
	const walk = (folder: Folder) => {
		seen.push(...folder.files.map(({ path }) => path));
		folder.folders.forEach(walk);
	};
	walk(treeOf(files(...odd)));
	expect(seen.toSorted()).toEqual(odd.toSorted());
});

test('a filter takes the files with all of its words', () => {
	const all = files('contracts/token/ERC20.sol', 'contracts/token/ERC721.sol', 'lib/ERC20.sol');
	expect(filtered(all, ' erc20 TOKEN').map(({ number }) => number)).toEqual([1]);
	expect(filtered(all, '  ')).toEqual(all);
});

test('dependencies are closed where there are many files, but not around the open one', () => {
	const many = files(...Array.from({ length: 20 }, (_, n) => `@oz/contracts/F${n}.sol`), 'A.sol');
	const [folder] = treeOf(many).folders;
	if (!folder) throw new Error('no folder');
	expect(closedAtFirst(folder, many, 'A.sol')).toBe(true);
	expect(closedAtFirst(folder, many, '@oz/contracts/F3.sol')).toBe(false);
	expect(closedAtFirst(folder, many.slice(0, 5), 'A.sol')).toBe(false);
});
