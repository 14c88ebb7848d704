import { expect, test } from 'vitest';
import type { TelemetryEvent } from '../domain/telemetry.ts';
import { mask } from './failures.ts';

const reset = (message: string) => Object.assign(new Error(message), { code: 'ECONNRESET' });

test('a client that leaves in the midst of its body is no fault, a connection of ours that breaks is', () => {
	const events: TelemetryEvent[] = [];
	const emit = (event: TelemetryEvent) => void events.push(event);
	expect(mask(emit, reset('aborted')).extensions).toMatchObject({ code: 'BAD_REQUEST' });
	expect(events).toEqual([]);
	mask(emit, reset('read ECONNRESET'));
	expect(events).toMatchObject([{ type: 'request.failed' }]);
});
