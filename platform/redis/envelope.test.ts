import { expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import type { StatusEvent } from '../../domain/contract.ts';
import { inEnvelope, openEnvelope } from './feed.ts';

const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const event: StatusEvent = {
	chainId: 1,
	address: parseAddress(`0x${'1'.repeat(40)}`),
	version: 3,
	status: 'PROCESS',
	attempt: 1,
	error: { code: 'NOT_VERIFIED', message: 'No.', retryable: true },
	nextAttemptAt: new Date(5),
	at: new Date(4),
	trace,
};
const overWire = (payload: unknown): unknown => JSON.parse(JSON.stringify(payload));

test('an event comes out of its envelope as it went in, with the trace of what caused it', () => {
	const envelope = inEnvelope(event);
	expect(envelope).toMatchObject({ v: 1, traceparent: trace });
	expect(openEnvelope(overWire(envelope))).toEqual(event);
});

test('an event of a release that does not name its format is checked field by field', () => {
	const { format, ...former } = inEnvelope(event);
	expect(format).toMatch(/^[0-9a-f]{12}$/);
	expect(openEnvelope(overWire(former))).toEqual(event);
	expect(() => openEnvelope(overWire({ ...former, data: { ...event, status: 'NEW' } }))).toThrow();
});

test('the bare event of the former release is read, and has no trace', () => {
	const { trace: _, ...bare } = event;
	expect(openEnvelope(overWire(bare))).toEqual({ ...event, trace: null });
});

test('when it was published is for people: an event without it, or with a time that is none, is read', () => {
	const { emittedAt, ...without } = inEnvelope(event);
	expect(Date.parse(emittedAt)).not.toBeNaN();
	expect(openEnvelope(overWire(without))).toEqual(event);
	expect(openEnvelope(overWire({ ...without, emittedAt: 'today' }))).toEqual(event);
});

test('fields that a later release adds do no harm', () => {
	const later = { ...inEnvelope(event), format: 'other', more: 1, data: { ...event, more: 1 } };
	expect(openEnvelope(overWire(later))).toEqual(event);
});

test.each([null, 'text', 7, [], {}, { v: 1 }, { v: 2, data: event }, { v: 1, traceparent: 1 }])(
	'%j is refused',
	(payload) => {
		expect(() => openEnvelope(payload)).toThrow();
	},
);
