import type { Logform } from 'winston';
import { type LogLevel, logLevels } from '../../../domain/telemetry.ts';

// Winston's own names for what a transport reads.
export const LEVEL = Symbol.for('level');
export const MESSAGE = Symbol.for('message');

/** What the transports get of a line that is written. */
export interface WrittenLine {
	at: Date;
	level: LogLevel;
	/** One JSON object. */
	json: string;
	message: string;
	/** Of the span in which it was logged; empty outside of any. */
	trace: { trace_id?: string; span_id?: string };
	facts: Record<string, unknown>;
}

interface LineOptions {
	clean(facts: object): Record<string, unknown>;
	isEnabled(level: string): boolean;
	written(level: LogLevel): void;
}

/**
 * Makes one JSON line of each event: time, level, service, message, trace, then the facts. It is made once, whoever
 * prints or sends it.
 */
export function createLineFormat({ clean, isEnabled, written }: LineOptions): Logform.Format {
	return {
		transform(info) {
			// What no transport takes is formatted as well.
			if (!isEnabled(info.level)) return info;
			const { level: named, service, trace_id, span_id, ...rest } = info;
			const { message, ...facts } = clean(rest);
			const level = logLevels.find((known) => known === named) ?? 'debug';
			const trace = typeof trace_id === 'string' ? { trace_id, span_id: String(span_id) } : {};
			const at = new Date();
			const timestamp = at.toISOString();
			const json = JSON.stringify({ timestamp, level, service, message, ...trace, ...facts });
			const line: WrittenLine = { at, level, json, message: String(message), trace, facts };
			written(level);
			return Object.assign(info, { line, [MESSAGE]: json });
		},
	};
}

/** For a person's eyes. */
export const prettyFormat: Logform.Format = {
	transform(info) {
		// Made by the format above.
		const { at, level, message, trace, facts } = info['line'] as WrittenLine;
		const time = at.toISOString().slice(11, 23);
		const { error, ...rest } = facts;
		const fields = Object.entries({ ...rest, ...(trace.trace_id && { trace_id: trace.trace_id }) });
		const texts = fields.map(
			([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
		);
		const text = [`${time} ${level.padEnd(5)} ${message}`, ...texts, ...reason(error)].join('  ');
		return Object.assign(info, { [MESSAGE]: `${text}${stackOf(error)}` });
	},
};

/** As `errorFacts` makes them, if it made them. */
type ErrorFacts = Partial<Record<'message' | 'code' | 'cause' | 'errors', unknown>>;

const longestMessage = 160;

/** Why, the first cause before all that came of it: a failed query says little without it. */
function reason(error: unknown): string[] {
	return causes(error)
		.toReversed()
		.map((text, at) => `${at === 0 ? 'error' : 'in'}=${JSON.stringify(text)}`);
}

/** Message and code of an error and of what caused it, the outermost first. */
function causes(error: unknown): string[] {
	if (typeof error === 'string') return [error];
	if (!isRecord(error)) return [];
	const { message, code, cause, errors } = error as ErrorFacts;
	const text = typeof message === 'string' ? message : '';
	const cut = text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
	const named = typeof code === 'string' && !cut.includes(code) ? `${cut} (${code})`.trim() : cut;
	// Of several tries, as of an address each, one is enough.
	const deeper = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
	return [...(named ? [named] : []), ...causes(deeper)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function stackOf(error: unknown): string {
	return isRecord(error) && typeof error['stack'] === 'string' ? error['stack'] : '';
}
