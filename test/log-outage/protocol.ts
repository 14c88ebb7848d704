export type Command =
	| { kind: 'rate'; perSecond: number }
	/** As fast as they can be logged, within one turn. */
	| { kind: 'burst'; lines: number }
	/** One line of the level that is dropped last, in a trace. */
	| { kind: 'error' }
	| { kind: 'report' }
	/** Within so many milliseconds. */
	| { kind: 'close'; ms: number };

/** What a writer reports after each command; memory in bytes, after a collection. */
export interface Report {
	rss: number;
	heap: number;
	/** What V8 has set aside for young objects: it grows with any burst, and stays. */
	young: number;
	/** Lines of the writer, which it numbers from 0. */
	logged: number;
	/** Those and the log's own remarks on Loki, as counted by the metric. */
	written: number;
	waiting: number;
	dropped: Record<string, number>;
	/** Of one call that logs, since the last report. */
	p99LogMs: number;
	p99LagMs: number;
}
