import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Brackets and braces in one another. Whoever reads a document calls itself for each: thousands overflow its stack. */
const mostNested = 100;

/** Refuses what is nested more deeply than any operation needs, before it is parsed. */
export const nestingPlugin: Plugin = {
	onParse({ params: { source } }) {
		if (isNestedTooDeeply(typeof source === 'string' ? new Source(source) : source)) {
			const message = `Syntax Error: Nesting limit of ${mostNested} exceeded; nest lists and objects less deeply.`;
			throw new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
		}
	},
};

function isNestedTooDeeply(source: Source): boolean {
	const lexer = new Lexer(source);
	let depth = 0;
	try {
		while (lexer.advance().kind !== TokenKind.EOF) {
			const { kind } = lexer.token;
			if (kind === TokenKind.BRACKET_L || kind === TokenKind.BRACE_L) depth += 1;
			else if (kind === TokenKind.BRACKET_R || kind === TokenKind.BRACE_R) depth -= 1;
			if (depth > mostNested) return true;
		}
	} catch {
		// The parser says what is wrong with it.
	}
	return false;
}
