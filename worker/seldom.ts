export interface Seldom {
	/** Does the work, or nothing where that would be too soon. */
	do(work: () => Promise<void>): Promise<void>;
	/** What was done well is done again at the next call. */
	forget(): void;
}

/** Spends no more than this share of the time on something, whether it goes well or not. */
export function createSeldom(share: number, clock: () => number = () => performance.now()): Seldom {
	let from = 0;
	let well = false;
	return {
		async do(work) {
			const started = clock();
			if (started < from) return;
			well = false;
			try {
				await work();
				well = true;
			} finally {
				const now = clock();
				from = now + (now - started) / share;
			}
		},
		forget() {
			if (well) from = 0;
		},
	};
}
