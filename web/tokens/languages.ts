import type { LanguageRegistration } from '@shikijs/primitive';
import { yul } from './yul.ts';

const grammars = {
	solidity: () => import('@shikijs/langs/solidity'),
	vyper: () => import('@shikijs/langs/vyper'),
	json: () => import('@shikijs/langs/json'),
	yul: async () => ({ default: [yul] }),
} satisfies Record<string, () => Promise<{ default: LanguageRegistration[] }>>;

export type Language = keyof typeof grammars;

const endings: Record<string, Language> = {
	sol: 'solidity',
	vy: 'vyper',
	vyi: 'vyper',
	json: 'json',
	yul: 'yul',
};

/** Of a file: by the end of its name, else by what the contract is written in; null for plain text. */
export function languageOf(path: string, language: string): Language | null {
	const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
	const named = language.toLowerCase();
	return endings[ending] ?? (ending === '' && named in grammars ? (named as Language) : null);
}

export async function grammarOf(language: Language): Promise<LanguageRegistration[]> {
	return (await grammars[language]()).default;
}
