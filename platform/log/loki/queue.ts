import { logLevels } from '../../metrics/log.ts';
import { bytesOf, createPacking, type Pack, packBytes, type QueuedLine } from './pack.ts';

export interface Bounds {
	entries: number;
	bytes: number;
}

/** Lines that wait, by level, within bounds that hold for all of them together. */
export interface LogQueue {
	/** Gives back how many lines had to make room: the oldest of the least important level, or this one itself. */
	push(line: QueuedLine): number;
	/** The most important ones first, and of those the oldest; at least one pack while there is any. Release them. */
	take(most: Bounds): Pack[];
	entries(): number;
	bytes(): number;
}

/** Lines that are packed, and make room, together. */
export const packEntries = 100;

export function createLogQueue(bounds: Bounds): LogQueue {
	const pack = createPacking();
	const lanes = logLevels.map((level) => createLane((lines) => pack(level, lines)));
	const sum = (of: 'entries' | 'bytes') => lanes.reduce((total, lane) => total + lane[of](), 0);

	return {
		push(line) {
			lanes[logLevels.indexOf(line.level)]?.push(line);
			let dropped = 0;
			while (sum('entries') > bounds.entries || sum('bytes') > bounds.bytes) {
				const least = lanes.findLast((lane) => lane.entries() > 0);
				if (!least) break;
				const room = least.shift();
				room?.release();
				dropped += room?.entries ?? 0;
			}
			return dropped;
		},
		take(most) {
			const taken: Pack[] = [];
			let [entries, bytes] = [0, 0];
			for (const lane of lanes) {
				for (let next = lane.first(); next; next = lane.first()) {
					entries += next.entries;
					bytes += next.bytes;
					if (taken.length > 0 && (entries > most.entries || bytes > most.bytes)) return taken;
					lane.shift();
					taken.push(next);
				}
			}
			return taken;
		},
		entries: () => sum('entries'),
		bytes: () => sum('bytes'),
	};
}

/** The lines of one level: first in, first out, pack by pack. */
function createLane(packed: (lines: readonly QueuedLine[]) => Pack) {
	const packs: Pack[] = [];
	let open: QueuedLine[] = [];
	let openBytes = 0;
	let packedEntries = 0;
	let packedBytes = 0;

	function pack(): void {
		if (open.length === 0) return;
		const full = packed(open);
		packs.push(full);
		packedEntries += full.entries;
		packedBytes += full.bytes;
		open = [];
		openBytes = 0;
	}

	function first(): Pack | undefined {
		if (packs.length === 0) pack();
		return packs[0];
	}

	return {
		push(line: QueuedLine): void {
			const bytes = bytesOf(line);
			if (openBytes + bytes > packBytes) pack();
			open.push(line);
			openBytes += bytes;
			if (open.length >= packEntries) pack();
		},
		first,
		shift(): Pack | undefined {
			first();
			const shifted = packs.shift();
			packedEntries -= shifted?.entries ?? 0;
			packedBytes -= shifted?.bytes ?? 0;
			return shifted;
		},
		entries: () => packedEntries + open.length,
		// Those that are not packed yet will take a pack's memory.
		bytes: () => packedBytes + (open.length > 0 ? Math.max(openBytes, packBytes) : 0),
	};
}
