import {
	type DynamicConfigValue,
	FieldColorModeId,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Red means that a person must act, everywhere and only that. */
export const colours = {
	good: 'green',
	neutral: 'blue',
	quiet: 'text',
	theirs: 'yellow',
	watch: 'orange',
	act: 'red',
	odd: 'purple',
} as const;
export type Colour = string;

/** Labels whose values have colours of their own. */
const worded = /\{\{(outcome|result|status|level|type|cache_result|status_class|warmup)\}\}$/;

/** The same word has the same colour on every board. */
const byWord: readonly [Colour, readonly string[]][] = [
	[colours.good, ['ok', 'hit', 'SUCCESS', 'accepted', 'sent', 'acknowledged', 'query', '2xx']],
	[
		colours.neutral,
		['CREATED', 'duplicate', 'coalesced', 'not_found', 'unusable', 'ready', 'info', 'p50'],
	],
	[colours.quiet, ['cancelled', 'none', 'bypass', 'idle', 'network', 'debug']],
	[
		colours.theirs,
		['client_error', 'rejected', 'rate_limited', 'http_4xx', 'PROCESS', 'p95', '4xx'],
	],
	[colours.watch, ['miss', 'stale', 'retry', 'timeout', 'returned', 'redelivered', 'warn', 'p99']],
	[colours.watch, ['ERROR', 'error', 'failed', 'http_5xx', '5xx']],
	[colours.act, ['server_error', 'dead_letter', 'nack']],
	[colours.odd, ['dropped', 'invalid', 'mutation', 'unacked']],
	['blue', ['cached, warm-up on', 'cached, warm-up unknown']],
	['light-blue', ['cached, warm-up off']],
	['orange', ['uncached, warm-up on', 'uncached, warm-up unknown']],
	['light-orange', ['uncached, warm-up off']],
];

export interface WordColour {
	pattern: string;
	properties: DynamicConfigValue[];
}

/** Colours for series whose name ends in one of the words, as far as these legends can have them. */
export function wordColours(legends: readonly string[]): WordColour[] {
	const open = legends.some((legend) => worded.test(legend));
	return byWord.flatMap(([colour, words]) => {
		const possible = words.filter((word) => open || legends.some((legend) => endsIn(legend, word)));
		if (possible.length === 0) return [];
		const value = { mode: FieldColorModeId.Fixed, fixedColor: colour };
		return [{ pattern: `/^(.* )?(${possible.join('|')})$/`, properties: [{ id: 'color', value }] }];
	});
}

function endsIn(legend: string, word: string): boolean {
	return legend === word || legend.endsWith(` ${word}`);
}
