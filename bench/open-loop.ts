import { Agent, request as send } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Target } from './wrk/wrk.ts';

/**
 * Sends requests at a steady rate whatever becomes of them, as people do: one that is late makes no other wait for it.
 * Each latency, in milliseconds, counts from the moment at which its request was due, also where this process was late.
 */
export async function openLoop(
	{ url }: Target,
	requests: readonly Request[],
	{ rate, seconds, signal }: { rate: number; seconds: number; signal: AbortSignal },
): Promise<number[]> {
	const agent = new Agent({ keepAlive: true, maxSockets: 256 });
	const latencies: Promise<number>[] = [];
	const total = rate * seconds;
	const started = performance.now();
	try {
		while (latencies.length < total) {
			signal.throwIfAborted();
			const n = latencies.length;
			const due = started + (n * 1_000) / rate;
			const early = due - performance.now();
			if (early > 0) {
				await sleep(early, undefined, { signal });
				continue;
			}
			const request = requests[n % requests.length];
			if (!request) throw new Error('there is nothing to send');
			const latency = answered(agent, url, request).then(() => performance.now() - due);
			// One that fails before all are sent is reported with the others.
			latency.catch(() => {});
			latencies.push(latency);
		}
		return await Promise.all(latencies);
	} finally {
		agent.destroy();
	}
}

/** Resolves when all of the answer is there; rejects unless it is a good one. */
function answered(agent: Agent, url: string, { method, path, body }: Request): Promise<void> {
	const text = body === undefined ? '' : JSON.stringify(body);
	const headers = {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
	};
	return new Promise((resolve, reject) => {
		const sent = send(`${url}${path}`, { agent, method, headers }, (response) => {
			response.resume().on('error', reject);
			response.on('end', () => {
				if (response.statusCode === 200) resolve();
				else reject(new Error(`${path} answered ${response.statusCode}`));
			});
		});
		sent.on('error', reject).end(text);
	});
}

/** The value below which this share of all lies, by nearest rank. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
