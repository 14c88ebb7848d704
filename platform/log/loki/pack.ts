import type { LogLevel } from '../../metrics/log.ts';

export interface QueuedLine {
	level: LogLevel;
	at: Date;
	/** Without a line end. */
	line: string;
	/** Beside the line, and searchable: the trace it belongs to. */
	metadata: { trace_id?: string; span_id?: string };
}

/** Lines of one level, outside of JavaScript's heap. */
export interface Pack {
	readonly entries: number;
	/** What it takes of memory. */
	readonly bytes: number;
	/** As they were, in their order. */
	lines(): QueuedLine[];
	/** Gives its memory to the next one. */
	release(): void;
}

/** Memory for one pack, except for a line that is larger. */
export const packBytes = 32 * 1024;

/** What a line takes in a pack, at the most. */
export function bytesOf({ line }: QueuedLine): number {
	return Buffer.byteLength(line) + besides;
}

// Time, trace, span, and what divides them.
const besides = 16 + 32 + 16 + 4;

/**
 * Puts lines into memory that is used again and again. As objects that live for seconds they would make the garbage
 * collector enlarge what it sets aside for young ones, by tens of megabytes that it does not give back.
 */
export function createPacking(): (level: LogLevel, lines: readonly QueuedLine[]) => Pack {
	const free: Buffer[] = [];
	return (level, lines) => {
		const rows = lines.map(({ at, line, metadata: { trace_id = '', span_id = '' } }) =>
			[at.getTime(), trace_id, span_id, line].join('\t'),
		);
		const text = rows.join('\n');
		const length = Buffer.byteLength(text);
		const fits = length <= packBytes;
		const memory = fits ? (free.pop() ?? Buffer.allocUnsafeSlow(packBytes)) : Buffer.from(text);
		if (fits) memory.write(text);
		return {
			entries: lines.length,
			bytes: memory.byteLength,
			lines: () =>
				memory
					.toString('utf8', 0, length)
					.split('\n')
					.map((row) => unpacked(level, row)),
			release() {
				if (fits) free.push(memory);
			},
		};
	};
}

function unpacked(level: LogLevel, row: string): QueuedLine {
	const [at, trace_id, span_id] = row.split('\t', 3);
	const line = row.slice(`${at}\t${trace_id}\t${span_id}\t`.length);
	const metadata = trace_id && span_id ? { trace_id, span_id } : {};
	return { level, at: new Date(Number(at)), line, metadata };
}
