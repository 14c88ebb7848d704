import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';

const parsers = { promql, logql, traceql } as const;
export type Language = keyof typeof parsers;

export function syntaxTree(language: Language, text: string) {
	return parsers[language].parse(text);
}

/** Where a query cannot be read: the text from there on, or nothing when all of it can. */
export function syntaxError(language: Language, text: string): string | undefined {
	let at: number | undefined;
	syntaxTree(language, text).iterate({
		enter({ type, from }) {
			if (type.isError) at ??= from;
		},
	});
	return at === undefined ? undefined : `cannot be read from here: ${text.slice(at) || '(end)'}`;
}
