import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import Transport from 'winston-transport';
import type { DropReason } from '../../metrics/log.ts';
import type { WrittenLine } from '../line.ts';
import { openPush } from './push.ts';
import { createSender, type Sender } from './sender.ts';

export interface LokiOptions {
	url: string;
	service: string;
	environment: string;
	dropped(reason: DropReason, lines: number): void;
	changed(state: 'down' | 'up', error?: Error): void;
}

/** Entries and bytes of lines that wait for Loki, at the most. */
export const bounds = { entries: 10_000, bytes: 5 * 1024 * 1024 };

export interface LokiTransport extends Transport {
	readonly sender: Sender;
}

/** Hands each line to the sender and is done with it. */
export function createLokiTransport(options: LokiOptions): LokiTransport {
	const labels = { service_name: options.service, env: options.environment };
	// Begun in a request, it would go on in that request's trace for ever.
	const sender = context.with(suppressTracing(ROOT_CONTEXT), () =>
		createSender(openPush(options.url, labels), {
			bounds,
			batch: { entries: 500, bytes: 512 * 1024 },
			gatherMs: 500,
			pauseMs: { first: 500, longest: 5_000 },
			tries: 20,
			dropped: options.dropped,
			changed: options.changed,
		}),
	);
	let sequence = 0;
	const transport = new Transport({
		log({ line }: { line: WrittenLine }, done: () => void) {
			const { level, at, json, trace } = line;
			sequence += 1;
			// Of equal lines of one millisecond Loki keeps the first alone.
			const text = `${json.slice(0, -1)},"seq":${sequence}}`;
			sender.push({ level, at, line: text, metadata: trace });
			done();
		},
	});
	return Object.assign(transport, { sender });
}
