import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setInterval } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSseBody, type SseBody } from './sse-body.ts';

const never = 1_000_000;

/** Results without end, or so many. */
function source(count = Infinity) {
	let pulled = 0;
	const results = {
		[Symbol.asyncIterator]() {
			return this;
		},
		async next() {
			if (pulled === count) return { done: true, value: undefined } as const;
			pulled += 1;
			return { done: false, value: { data: { n: pulled } } } as const;
		},
	};
	return { results, pulled: () => pulled };
}

function open(results: AsyncIterable<object>, pingMs = never): SseBody {
	return createSseBody(results, { id: () => null, pingMs, ended() {} });
}

/** Takes one chunk at a time, when the test says so. */
function slowWriter() {
	let chunks = 0;
	let release = () => {};
	const writable = new Writable({
		highWaterMark: 1,
		write(_chunk, _encoding, done) {
			chunks += 1;
			release = done;
		},
	});
	return { writable, chunks: () => chunks, take: () => release() };
}

async function turns(): Promise<void> {
	for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

test('asks for no result before the one before has gone', async () => {
	const { results, pulled } = source();
	const { writable, chunks, take } = slowWriter();
	const body = open(results);
	body.readable.pipe(writable);
	for (let taken = 0; taken < 50; taken += 1) {
		await turns();
		expect(pulled()).toBeLessThanOrEqual(chunks() + 1);
		take();
	}
	expect(pulled()).toBeGreaterThan(40);
	body.readable.destroy();
});

test('pings are not piled up for one who takes nothing', async () => {
	const { results } = source();
	const { writable } = slowWriter();
	const body = open(results, 1);
	body.readable.pipe(writable);
	await turns();
	const waiting = body.readable.readableLength;
	// Timers of one length fire in turn: so often it was time for a ping.
	let ticks = 0;
	for await (const _ of setInterval(1)) if (++ticks === 10) break;
	expect(body.readable.readableLength).toBeLessThanOrEqual(waiting + 3);
	body.readable.destroy();
});

test('completes what has ended, and does not complete what is cut', async () => {
	const whole = await text(open(source(2).results).readable);
	expect(whole).toBe(
		':\n\nevent: next\ndata: {"data":{"n":1}}\n\nevent: next\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n',
	);
	const body = open({
		[Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
	});
	const rest = text(body.readable);
	await turns();
	body.say(': bye\n\n');
	body.cut();
	expect(await rest).toBe(':\n\n: bye\n\n');
});

test('ends without completing where the results fail', async () => {
	const body = open({
		[Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }),
	});
	expect(await text(body.readable)).toBe(':\n\n');
});
