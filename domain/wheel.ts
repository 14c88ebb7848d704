/** Those whose turn comes at the same moment. Whoever leaves deletes itself. */
export type Seats<T> = Set<T>;

export interface Wheel<T> {
	/** Its first turn comes within `ms`, and then one every `ms`. */
	join(one: T): Seats<T>;
}

/** At most so many moments in a round: few enough to cost nothing, and many enough that no turn holds up others. */
const mostMoments = 100;

/** Gives each of many a turn every `ms`, by one timer for all; there is none while nobody is there. */
export function createWheel<T>(ms: number, turn: (seats: Seats<T>) => void): Wheel<T> {
	const moments = Math.min(mostMoments, ms);
	const wheel = Array.from({ length: moments }, () => new Set<T>());
	let at = 0;
	let timer: NodeJS.Timeout | null = null;

	function seats(): Seats<T> {
		const those = wheel[at];
		if (!those) throw new Error('the wheel has no such moment');
		return those;
	}

	function tick(): void {
		at = (at + 1) % moments;
		const those = seats();
		if (those.size > 0) turn(those);
		else if (timer && wheel.every(({ size }) => size === 0)) {
			clearInterval(timer);
			timer = null;
		}
	}

	return {
		join(one) {
			// Whoever waits keeps its process alive by something else, such as its socket.
			timer ??= setInterval(tick, ms / moments).unref();
			return seats().add(one);
		},
	};
}
