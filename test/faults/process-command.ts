/** What the harness sends to a process under test. */
export type ProcessCommand = { clockOffsetMs: number } | { look: true };

/** What a process holds, garbage not counted. */
export interface ProcessUsage {
	/** Bytes of its heap and beside it. */
	heap: number;
	rss: number;
	sockets: number;
	timers: number;
}
