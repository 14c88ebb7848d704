/** What is to happen, the earliest first; of one moment, what was planned first. */
export interface Agenda {
	at(time: number, act: () => void): void;
	/** Does everything until nothing is left. */
	run(): void;
	/** The time of what is happening. */
	now(): number;
}

interface Entry {
	time: number;
	order: number;
	act: () => void;
}

const isBefore = (one: Entry, other: Entry) =>
	one.time < other.time || (one.time === other.time && one.order < other.order);

/** A binary heap: of each entry at n, those at 2n + 1 and 2n + 2 are later. */
export function createAgenda(): Agenda {
	const heap: Entry[] = [];
	let planned = 0;
	let time = 0;

	function swap(one: number, other: number): void {
		const [a, b] = [heap[one], heap[other]];
		if (a && b) [heap[one], heap[other]] = [b, a];
	}

	function precedes(one: number, other: number): boolean {
		const [a, b] = [heap[one], heap[other]];
		return a !== undefined && b !== undefined && isBefore(a, b);
	}

	function take(): Entry | undefined {
		swap(0, heap.length - 1);
		const first = heap.pop();
		for (let n = 0; ; ) {
			const [left, right] = [2 * n + 1, 2 * n + 2];
			const child = precedes(right, left) ? right : left;
			if (!precedes(child, n)) return first;
			swap(n, child);
			n = child;
		}
	}

	return {
		at(when, act) {
			heap.push({ time: Math.max(when, time), order: planned, act });
			planned += 1;
			for (let n = heap.length - 1; n > 0; ) {
				const parent = Math.floor((n - 1) / 2);
				if (!precedes(n, parent)) return;
				swap(n, parent);
				n = parent;
			}
		},
		run() {
			for (let next = take(); next; next = take()) {
				time = next.time;
				next.act();
			}
		},
		now: () => time,
	};
}
