import { startOfCode } from '../reading/code-only.ts';
import { filePathOf, type Item } from './fields.ts';
import type { SourceCode } from './source-code.ts';

/** The language of an item: as its JSON says, else by its compiler, its file's name and its text. */
export function languageOf(item: Item, code: SourceCode): string {
	const said = code.shape === 'standard' ? code.json['language'] : undefined;
	if (typeof said === 'string' && said.trim() !== '') return said;
	if (/^vyper/i.test(item.CompilerVersion) || /^vyper/i.test(item.CompilerType)) return 'Vyper';
	const paths = 'files' in code ? Object.keys(code.files) : [filePathOf(item)];
	if (paths.some((path) => path.endsWith('.vy'))) return 'Vyper';
	if (paths.some((path) => path.endsWith('.yul'))) return 'Yul';
	return code.shape === 'plain' ? languageOfText(code.text) : 'Solidity';
}

function languageOfText(text: string): string {
	if (/^object\s/.test(text.slice(startOfCode(text), startOfCode(text) + 10))) return 'Yul';
	const vyper = /^[ \t]*#[ \t]*(@version|pragma[ \t]+version)\b/m.test(text);
	return vyper && !/^[ \t]*pragma[ \t]+solidity\b/m.test(text) ? 'Vyper' : 'Solidity';
}
