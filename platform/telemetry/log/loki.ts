import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Logform } from 'winston';
import Transport from 'winston-transport';
import { patience } from '../../../domain/wait.ts';
import { LEVEL, MESSAGE, type WrittenLine } from './line.ts';
import { createLogQueue, type Pack, packed } from './loki-queue.ts';

/** Why a line did not get into Loki: no room left, Loki refused it or kept failing on it, or the process ended. */
type DropReason = 'full' | 'refused' | 'failed' | 'shutdown';

interface LokiOptions {
	url: string;
	labels: Record<string, string>;
	dropped(reason: DropReason, lines: number): void;
	/** An attempt failed. */
	failed(error: Error): void;
	/** It works again. */
	recovered(): void;
}

/** Entries and bytes of lines that wait for Loki, at the most. */
export const bounds = { entries: 10_000, bytes: 5 * 1024 * 1024 };

export const pace = {
	/** How long lines gather before they are sent. */
	gatherMs: 250,
	/** Between a failure and the next attempt: doubled from the first to the longest. */
	pauseMs: { first: 500, longest: 5_000 },
	/** Answers without success after which lines are given up: they might be the cause. */
	tries: 20,
};

/** Sends lines pack after pack, beside everything else: whoever logs never waits. */
export function openLoki(
	{ url, labels, dropped, failed, recovered }: LokiOptions,
	{ gatherMs, pauseMs, tries } = pace,
) {
	const queue = createLogQueue({
		entries: bounds.entries - packed.entries,
		bytes: bounds.bytes - packed.bytes,
	});
	const stop = new AbortController();
	const pause = (ms: number) =>
		sleep(ms, undefined, { ref: false, signal: stop.signal }).catch(() => {});
	const push = openPush(url, labels);
	let sending = 0;
	let [down, closed] = [false, false];
	let sequence = 0;

	async function run(): Promise<void> {
		const open = await push;
		while (!stop.signal.aborted || queue.entries() > 0) {
			await pause(gatherMs);
			for (let pack = queue.take(); pack; pack = queue.take()) {
				sending = pack.entries;
				const lost = await deliver(pack, open);
				if (lost === 'shutdown') return;
				if (lost) dropped(lost, sending);
				sending = 0;
			}
		}
	}

	/** Why the lines did not get there; null when they did. */
	async function deliver(pack: Pack, { send }: Push): Promise<DropReason | null> {
		let ms = pauseMs.first;
		for (let failures = 0; ; ) {
			const { kind, error } = await send(pack);
			if (kind === 'sent') {
				if (down) recovered();
				down = false;
				return null;
			}
			if (stop.signal.aborted) return 'shutdown';
			failed(error);
			down = true;
			if (kind === 'refused') return 'refused';
			if (kind === 'failed') failures += 1;
			if (failures >= tries) return 'failed';
			await pause(ms);
			ms = Math.min(ms * 2, pauseMs.longest);
		}
	}

	// Begun in a request, it would go on in that request's trace for ever.
	const done = context.with(suppressTracing(ROOT_CONTEXT), run).catch((error: Error) => {
		// Without winston-loki nothing is sent, and the queue keeps its bounds.
		down = true;
		failed(error);
	});
	return {
		transport: new Transport({
			log({ line: { level, json } }: { line: WrittenLine }, taken: () => void) {
				sequence += 1;
				// Of equal lines of one millisecond Loki keeps the first alone.
				const line = `${json.slice(0, -1)},"seq":${sequence}}`;
				const lost = closed ? 1 : queue.push(level, line);
				if (lost > 0) dropped(closed ? 'shutdown' : 'full', lost);
				taken();
			},
		}),
		/** Lines that wait, those under way included. */
		entries: () => queue.entries() + sending,
		/** The last attempt failed; false while there was none. */
		failing: () => down,
		/** Sends what is left within the time given, unless it fails; what remains is dropped. */
		async close(ms: number): Promise<void> {
			stop.abort();
			await patience(done, ms, new AbortController().signal);
			closed = true;
			let left = sending;
			sending = 0;
			for (let pack = queue.take(); pack; pack = queue.take()) left += pack.entries;
			if (left > 0) dropped('shutdown', left);
			await push.then(({ cut }) => cut()).catch(() => {});
		},
	};
}

const silenceMs = 3_000;
const wholeMs = 10_000;

/**
 * Sends one pack at a time through winston-loki. Each gets a transport of its own: by closing it the lines go out
 * at once, and its queue without a bound and its pause of a minute after an error never come into play.
 */
async function openPush(url: string, labels: Record<string, string>) {
	const { default: LokiTransport } = await import('winston-loki');
	const { origin, pathname, username, password } = new URL(url);
	// The library would send a user and a password percent-encoded.
	const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	const basic = `Basic ${Buffer.from(user).toString('base64')}`;
	const target = {
		host: `${origin}${pathname.replace(/\/+$/, '')}`,
		headers: user === ':' ? {} : { Authorization: basic },
	};
	const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
	const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
	const cut = () => {
		httpAgent.destroy();
		httpsAgent.destroy();
	};
	return {
		async send({ level, text }: Pack) {
			let error: unknown;
			const transport = new LokiTransport({
				...{ ...target, labels, httpAgent, httpsAgent },
				json: true,
				batching: true,
				clearOnError: true,
				replaceTimestamp: false,
				gracefulShutdown: false,
				timeout: silenceMs,
				onConnectionError: (failure) => {
					error = failure;
				},
				format: asItIs,
			});
			for (const line of text.toString().split('\n')) {
				// Made by `createLineFormat`. What is neither level, time nor line becomes structured metadata.
				const { timestamp, trace_id, span_id } = JSON.parse(line);
				const traced = trace_id === undefined ? {} : { trace_id, span_id };
				const info = { ...traced, timestamp: new Date(timestamp), [LEVEL]: level, [MESSAGE]: line };
				transport.log?.(info, () => {});
			}
			// An answer that comes in drops is not silence.
			const late = setTimeout(cut, wholeMs);
			await transport.close();
			clearTimeout(late);
			return outcomeOf(error);
		},
		/** What is under way ends as a failure. */
		cut,
	};
}

type Push = Awaited<ReturnType<typeof openPush>>;

/** Says that a line is sent as it was written. */
const asItIs: Logform.Format = { transform: (info) => info };

/** `refused` is Loki's last word about a pack; after the others it may be sent again. */
function outcomeOf(failure: unknown) {
	if (failure === undefined) return { kind: 'sent' } as const;
	const error = failure instanceof Error ? failure : new Error(String(failure));
	const status = 'statusCode' in error ? Number(error.statusCode) : 0;
	if (status === 0) return { kind: 'unreachable', error } as const;
	const again = status >= 500 || status === 429 || status === 408;
	return { kind: again ? 'failed' : 'refused', error } as const;
}
