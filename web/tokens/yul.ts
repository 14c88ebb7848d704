import type { LanguageRegistration } from '@shikijs/primitive';

/** Shiki brings no grammar of Yul; this one follows docs.soliditylang.org/en/latest/yul.html. */
export const yul: LanguageRegistration = {
	name: 'yul',
	scopeName: 'source.yul',
	patterns: [
		{ name: 'comment.block', begin: '/\\*', end: '\\*/' },
		{ name: 'comment.line', match: '//.*$' },
		{ name: 'string.quoted', match: '(?:hex)?"(?:[^"\\\\]|\\\\.)*"' },
		{ name: 'constant.numeric', match: '\\b(?:0x[0-9a-fA-F]+|[0-9]+)\\b' },
		{ name: 'constant.language', match: '\\b(?:true|false)\\b' },
		{
			name: 'keyword.control',
			match: '\\b(?:if|switch|case|default|for|break|continue|leave)\\b',
		},
		{ name: 'storage.modifier', match: '\\b(?:object|code|data|function|let)\\b|:=|->' },
		{
			match: '(?<=\\bfunction\\s+)[a-zA-Z_$][\\w$.]*',
			name: 'entity.name.function',
		},
		{ name: 'entity.name.function', match: '\\b[a-zA-Z_$][\\w$.]*(?=\\s*\\()' },
	],
	repository: {},
};
