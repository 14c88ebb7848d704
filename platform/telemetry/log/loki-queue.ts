import { type LogLevel, logLevels } from '../../../domain/telemetry.ts';

/** JSON lines of one level, the oldest first. */
export interface Pack {
	level: LogLevel;
	entries: number;
	bytes: number;
	/**
	 * Outside of JavaScript's heap: as objects that live for seconds, lines would make the garbage collector set aside
	 * more for young ones, by tens of megabytes that it does not give back.
	 */
	text: Buffer;
}

/** Lines that wait, by level, within bounds that hold for all of them together. */
interface LogQueue {
	/** Gives back how many lines had to make room: the oldest of the least important level, or this one itself. */
	push(level: LogLevel, line: string): number;
	/** Those of the most important level, and of them the oldest. */
	take(): Pack | undefined;
	entries(): number;
	bytes(): number;
}

/** Lines of a level are packed, make room and are sent together: so many, or so many bytes. */
export const packed = { entries: 250, bytes: 64 * 1024 } as const;

interface Lane {
	level: LogLevel;
	packs: Pack[];
	/** Those that are not packed yet. */
	open: string[];
	openBytes: number;
}

const newLane = (level: LogLevel): Lane => ({ level, packs: [], open: [], openBytes: 0 });
const hasLines = ({ packs, open }: Lane) => packs.length + open.length > 0;

export function createLogQueue(most: { entries: number; bytes: number }): LogQueue {
	const lanes = logLevels.map(newLane);
	let [entries, bytes] = [0, 0];

	function pack(lane: Lane): void {
		const { level, open, openBytes } = lane;
		const text = Buffer.from(open.join('\n'));
		lane.packs.push({ level, entries: open.length, bytes: openBytes, text });
		lane.open = [];
		lane.openBytes = 0;
	}

	function shift(lane: Lane): Pack | undefined {
		if (lane.packs.length === 0) pack(lane);
		const shifted = lane.packs.shift();
		entries -= shifted?.entries ?? 0;
		bytes -= shifted?.bytes ?? 0;
		return shifted;
	}

	return {
		push(level, line) {
			const lane = lanes[logLevels.indexOf(level)] ?? newLane(level);
			const size = Buffer.byteLength(line) + 1;
			const isFull = lane.open.length === packed.entries || lane.openBytes + size > packed.bytes;
			if (isFull && lane.open.length > 0) pack(lane);
			lane.open.push(line);
			lane.openBytes += size;
			entries += 1;
			bytes += size;
			let dropped = 0;
			while (entries > most.entries || bytes > most.bytes) {
				const least = lanes.findLast(hasLines);
				dropped += (least && shift(least)?.entries) ?? 0;
			}
			return dropped;
		},
		take() {
			const first = lanes.find(hasLines);
			return first && shift(first);
		},
		entries: () => entries,
		bytes: () => bytes,
	};
}
