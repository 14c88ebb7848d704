import { type LogLevel, logLevels } from '../../metrics/log.ts';

export interface QueuedLine {
	level: LogLevel;
	at: Date;
	line: string;
	/** Beside the line, and searchable: the trace it belongs to. */
	metadata: { trace_id?: string; span_id?: string };
}

export interface Bounds {
	entries: number;
	bytes: number;
}

/** Lines that wait, by level, within bounds that hold for all of them together. */
export interface LogQueue {
	/** Gives back how many lines had to make room: the oldest of the least important level, or this one itself. */
	push(line: QueuedLine): number;
	/** The most important ones first, and of those the oldest. */
	take(most: Bounds): QueuedLine[];
	entries(): number;
	bytes(): number;
}

/** What a line takes besides its text, about: measured with 10,000 of them. */
const overhead = 250;

export function sizeOf({ line }: QueuedLine): number {
	return Buffer.byteLength(line) + overhead;
}

export function createLogQueue(bounds: Bounds): LogQueue {
	const lanes = logLevels.map(() => createLane());
	let entries = 0;
	let bytes = 0;

	function remove(lane: Lane): QueuedLine | undefined {
		const line = lane.shift();
		if (!line) return undefined;
		entries -= 1;
		bytes -= sizeOf(line);
		return line;
	}

	return {
		push(line) {
			lanes[logLevels.indexOf(line.level)]?.push(line);
			entries += 1;
			bytes += sizeOf(line);
			let dropped = 0;
			while (entries > bounds.entries || bytes > bounds.bytes) {
				const least = lanes.findLast((lane) => lane.size() > 0);
				if (!least || !remove(least)) break;
				dropped += 1;
			}
			return dropped;
		},
		take(most) {
			const taken: QueuedLine[] = [];
			let size = 0;
			for (const lane of lanes) {
				for (let next = lane.first(); next; next = lane.first()) {
					size += sizeOf(next);
					if (taken.length >= most.entries || (size > most.bytes && taken.length > 0)) return taken;
					remove(lane);
					taken.push(next);
				}
			}
			return taken;
		},
		entries: () => entries,
		bytes: () => bytes,
	};
}

type Lane = ReturnType<typeof createLane>;

/** First in, first out, without moving everything for each line that leaves. */
function createLane() {
	let lines: (QueuedLine | undefined)[] = [];
	let start = 0;
	return {
		push: (line: QueuedLine) => void lines.push(line),
		first: () => lines[start],
		size: () => lines.length - start,
		shift() {
			const line = lines[start];
			if (!line) return undefined;
			lines[start] = undefined;
			start += 1;
			if (start > 1_000 && start * 2 > lines.length) {
				lines = lines.slice(start);
				start = 0;
			}
			return line;
		},
	};
}
