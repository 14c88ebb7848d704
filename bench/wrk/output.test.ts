import { expect, test } from 'vitest';
import { readOutput } from './output.ts';

const summary = {
	...{ requests: 3_000, microseconds: 2_000_000, bytes: 600_000 },
	...{ non2xx: 0, socket: 0, timeouts: 0 },
	...{ p50: 1_500, p90: 2_000, p99: 4_250, p999: 9_000, max: 9_500 },
};
const printed = (changes = {}) =>
	`Running 2s test @ http://127.0.0.1:4000\n${JSON.stringify({ ...summary, ...changes })}\n`;

test('the summary is found among the lines that wrk prints itself', () => {
	expect(readOutput(printed())).toEqual({
		...{ requests: 3_000, rate: 1_500, bytes: 200, p50: 1.5, p99: 4.25 },
	});
});

test.each(['non2xx', 'socket', 'timeouts'])('one request that failed (%s) fails all', (kind) => {
	expect(() => readOutput(printed({ [kind]: 1 }))).toThrow('1 of 3000 requests failed');
});

test('a server that answered nothing fails', () => {
	expect(() => readOutput(printed({ requests: 0 }))).toThrow('0 of 0 requests failed');
});

test('output without a summary is shown', () => {
	expect(() => readOutput('unable to connect')).toThrow('unable to connect');
});
