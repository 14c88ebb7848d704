import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import { parseJob, writeJob } from './job-message.ts';

test('a job comes back as it was written', () => {
	const job = { chainId: 137, address: parseAddress(`0x${'ab'.repeat(20)}`), version: 7 };
	expect(parseJob(writeJob(job))).toEqual(job);
});

test.each(['', 'null', '[]', '{"chainId":1,"address":"0x1","version":1}', '{"chainId":1.5}'])(
	'%j is refused',
	(text) => {
		expect(() => parseJob(Buffer.from(text))).toThrow();
	},
);

test('any bytes are a job or refused', () => {
	fc.assert(
		fc.property(fc.uint8Array(), (bytes) => {
			expect(() => parseJob(Buffer.from(bytes))).toThrow();
		}),
	);
});
