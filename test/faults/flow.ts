import type { Socket } from 'node:net';
import type { Carried } from './trap.ts';

/** What becomes of the bytes that go one way. */
export type FlowMode = { kind: 'pass'; lateMs: number } | { kind: 'hold' } | { kind: 'drop' };

export interface Flow {
	set(mode: FlowMode): void;
	/** Forgets what has not been handed on. */
	end(): void;
}

/** Carries one direction of a connection, with a delay, or for a while not at all; `look` is asked about all that comes. */
export function createFlow(
	from: Socket,
	to: Socket,
	first: FlowMode,
	look: (bytes: Buffer) => Carried,
): Flow {
	// Null is the end of the stream, which is carried like its bytes.
	const queue: { bytes: Buffer | null; at: number }[] = [];
	let mode = first;
	let timer: NodeJS.Timeout | undefined;
	let full = false;

	function arrive(bytes: Buffer | null, moreMs = 0): void {
		if (mode.kind === 'drop') return;
		const lateMs = moreMs + (mode.kind === 'pass' ? mode.lateMs : 0);
		const last = queue.at(-1)?.at ?? 0;
		queue.push({ bytes, at: Math.max(last, performance.now() + lateMs) });
		pump();
	}

	function lookAt(bytes: Buffer): void {
		const carried = look(bytes);
		if (carried) arrive(carried.bytes, carried.lateMs);
	}

	function pump(): void {
		clearTimeout(timer);
		while (mode.kind !== 'hold' && !full) {
			const [next] = queue;
			if (!next) return;
			const waitMs = next.at - performance.now();
			if (waitMs > 0.5) {
				timer = setTimeout(pump, waitMs);
				return;
			}
			queue.shift();
			if (to.destroyed || to.writableEnded) continue;
			if (next.bytes === null) to.end();
			else if (!to.write(next.bytes)) {
				full = true;
				from.pause();
			}
		}
	}

	from.on('data', lookAt);
	from.on('end', () => arrive(null));
	to.on('drain', () => {
		full = false;
		if (mode.kind !== 'hold') from.resume();
		pump();
	});
	// Whoever was paused before it had a flow stays so with a mere listener.
	if (mode.kind === 'hold') from.pause();
	else from.resume();

	return {
		set(next) {
			mode = next;
			if (next.kind === 'hold') from.pause();
			else if (!full) from.resume();
			if (next.kind === 'drop') queue.length = 0;
			pump();
		},
		end() {
			clearTimeout(timer);
			queue.length = 0;
		},
	};
}
