import { z } from 'zod';

const count = z.number().int().min(0);
const summary = z.object({
	requests: count,
	microseconds: count,
	/** Of all answers, heads included. */
	bytes: count,
	non2xx: count,
	socket: count,
	timeouts: count,
	...{ p50: count, p90: count, p99: count, p999: count, max: count },
});

/** What one side did in one measurement. */
export interface Load {
	requests: number;
	/** Requests a second. */
	rate: number;
	/** Bytes of one answer, on average. */
	bytes: number;
	/** Latencies, in milliseconds. */
	p50: number;
	p99: number;
}

/** Reads what wrk printed; throws when a single request failed. */
export function readOutput(text: string): Load {
	const line = text.split('\n').find((one) => one.startsWith('{'));
	if (!line) throw new Error(`wrk has printed no summary:\n${text}`);
	const { requests, microseconds, bytes, ...rest } = summary.parse(JSON.parse(line));
	const wrong = rest.non2xx + rest.socket + rest.timeouts;
	if (wrong > 0 || requests === 0) {
		const kinds = `${rest.non2xx} refused, ${rest.socket} broken, ${rest.timeouts} too late`;
		throw new Error(`${wrong} of ${requests} requests failed: ${kinds}`);
	}
	return {
		requests,
		rate: requests / (microseconds / 1_000_000),
		bytes: bytes / requests,
		p50: rest.p50 / 1_000,
		p99: rest.p99 / 1_000,
	};
}
