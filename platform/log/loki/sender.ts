import type { DropReason } from '../../metrics/log.ts';
import type { Pack, QueuedLine } from './pack.ts';
import type { Push } from './push.ts';
import { type Bounds, createLogQueue } from './queue.ts';

export interface SenderOptions {
	/** All that waits, what is under way included. */
	bounds: Bounds;
	batch: Bounds;
	/** How long lines gather before they are sent. */
	gatherMs: number;
	/** Between a failure and the next attempt: doubled from the first to the longest. */
	pauseMs: { first: number; longest: number };
	/** Answers without success after which a batch is given up: it might be the cause. */
	tries: number;
	dropped(reason: DropReason, lines: number): void;
	/** Called when it begins to fail, and when it works again. */
	changed(state: 'down' | 'up', error?: Error): void;
}

export interface Sender {
	push(line: QueuedLine): void;
	entries(): number;
	/** The last attempt failed; false while there was none. */
	failing(): boolean;
	/** Sends what is left within the time given, unless it fails; what remains is dropped. */
	close(ms: number): Promise<void>;
}

/** Sends lines batch after batch, beside everything else: whoever logs never waits for it. */
export function createSender(pushing: Promise<Push>, options: SenderOptions): Sender {
	const { bounds, batch, dropped, changed } = options;
	// A batch that is under way, and may have to be sent again, needs its room too.
	const queue = createLogQueue({
		entries: bounds.entries - batch.entries,
		bytes: bounds.bytes - batch.bytes,
	});
	const waiting = createPause();
	let sending: Pack[] = [];
	let closing = false;
	let closed = false;
	let down = false;

	async function run(): Promise<void> {
		const push = await pushing;
		while (!closing || queue.entries() > 0) {
			if (queue.entries() === 0) await waiting.forLines();
			if (queue.entries() < batch.entries) await waiting.forMs(options.gatherMs);
			sending = queue.take(batch);
			const lost = sending.length > 0 ? await deliver(push) : null;
			if (lost === 'shutdown') return;
			if (lost) dropped(lost, entriesOf(sending));
			for (const pack of sending) pack.release();
			sending = [];
		}
	}

	/** Why the batch did not get there; null when it did. */
	async function deliver(push: Push): Promise<DropReason | null> {
		let pauseMs = options.pauseMs.first;
		for (let failures = 0; ; ) {
			const result = await push.send(sending.flatMap((pack) => pack.lines()));
			if (result.kind === 'sent') {
				if (down) changed('up');
				down = false;
				return null;
			}
			if (closing) return 'shutdown';
			if (!down) changed('down', result.error);
			down = true;
			if (result.kind === 'refused') return 'refused';
			if (result.kind === 'failed') failures += 1;
			if (failures >= options.tries) return 'failed';
			await waiting.forMs(pauseMs);
			pauseMs = Math.min(pauseMs * 2, options.pauseMs.longest);
		}
	}

	// Without winston-loki nothing is sent, and the queue keeps its bounds.
	const done = run().catch((error: Error) => {
		down = true;
		changed('down', error);
	});
	return {
		push(line) {
			if (closed) return dropped('shutdown', 1);
			const lost = queue.push(line);
			if (lost > 0) dropped('full', lost);
			waiting.linesCame();
		},
		entries: () => queue.entries() + entriesOf(sending),
		failing: () => down,
		async close(ms) {
			closing = true;
			waiting.end();
			const { promise: late, resolve } = Promise.withResolvers<void>();
			const deadline = setTimeout(resolve, ms);
			await Promise.race([done, late]);
			clearTimeout(deadline);
			closed = true;
			const left = entriesOf([...queue.take(bounds), ...sending]);
			sending = [];
			if (left > 0) dropped('shutdown', left);
			await pushing.then((push) => push.cut()).catch(() => {});
		},
	};
}

function entriesOf(packs: readonly Pack[]): number {
	return packs.reduce((sum, { entries }) => sum + entries, 0);
}

/** Waits of one loop, which all end when it is to end. */
function createPause() {
	let ended = false;
	let idle = false;
	let wake = () => {};
	return {
		async forLines(): Promise<void> {
			if (ended) return;
			idle = true;
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
			idle = false;
		},
		linesCame(): void {
			if (idle) wake();
		},
		async forMs(ms: number): Promise<void> {
			if (ended) return;
			const { promise, resolve } = Promise.withResolvers<void>();
			wake = resolve;
			const timer = setTimeout(resolve, ms);
			await promise;
			clearTimeout(timer);
		},
		end(): void {
			ended = true;
			wake();
		},
	};
}
