import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Logform } from 'winston';
import { LEVEL, MESSAGE } from '../line.ts';
import type { QueuedLine } from './pack.ts';

const silenceMs = 3_000;
const wholeMs = 10_000;

/** What became of a batch; `refused` is Loki's last word about it, after `failed` it may be sent again. */
export type Pushed =
	| { kind: 'sent' }
	| { kind: 'refused' | 'failed' | 'unreachable'; error: Error };

export interface Push {
	send(lines: readonly QueuedLine[]): Promise<Pushed>;
	/** What is under way ends as a failure. */
	cut(): void;
}

/**
 * Sends one batch at a time through winston-loki. Each gets a transport of its own: by closing it the batch goes out
 * at once, and its queue without a bound and its pause of a minute after an error never come into play.
 */
export async function openPush(url: string, labels: Record<string, string>): Promise<Push> {
	const { default: LokiTransport } = await import('winston-loki');
	const { host, headers } = target(url);
	const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
	const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
	const cut = () => {
		httpAgent.destroy();
		httpsAgent.destroy();
	};
	return {
		async send(lines) {
			let error: unknown;
			const transport = new LokiTransport({
				...{ host, headers, labels, httpAgent, httpsAgent },
				json: true,
				batching: true,
				clearOnError: true,
				replaceTimestamp: false,
				gracefulShutdown: false,
				timeout: silenceMs,
				onConnectionError: (failure) => {
					error = failure;
				},
				// Says that a line is sent as it was written.
				format: asItIs,
			});
			for (const { level, at, line, metadata } of lines) {
				// Whatever is neither level, time nor line becomes structured metadata.
				const info = { ...metadata, timestamp: at, [LEVEL]: level, [MESSAGE]: line };
				transport.log?.(info, () => {});
			}
			// An answer that comes in drops is not silence.
			const late = setTimeout(cut, wholeMs);
			await transport.close();
			clearTimeout(late);
			return outcomeOf(error);
		},
		cut,
	};
}

const asItIs: Logform.Format = { transform: (info) => info };

function outcomeOf(error: unknown): Pushed {
	if (error === undefined) return { kind: 'sent' };
	if (!(error instanceof Error)) return { kind: 'unreachable', error: new Error(String(error)) };
	const status = 'statusCode' in error ? Number(error.statusCode) : 0;
	if (status === 0) return { kind: 'unreachable', error };
	const again = status >= 500 || status === 429 || status === 408;
	return { kind: again ? 'failed' : 'refused', error };
}

/** The library would send a user and a password percent-encoded. */
function target(url: string) {
	const { origin, pathname, username, password } = new URL(url);
	const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	const credentials = Buffer.from(user).toString('base64');
	return {
		host: `${origin}${pathname.replace(/\/+$/, '')}`,
		headers: user === ':' ? {} : { Authorization: `Basic ${credentials}` },
	};
}
