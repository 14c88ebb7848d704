import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What is wrong with it: nobody listens, it never answers, it answers with that status, or late. */
export type Fault = 'refuse' | 'hang' | 429 | 500 | 503 | { slowMs: number };

export interface Endpoint {
	/** Such as http://127.0.0.1:41234; stays the same over all faults. */
	url: string;
	/** How many requests have come in, answered or not. */
	requests(): number;
	/** Resolves once that many requests have come in. */
	untilRequests(count: number): Promise<void>;
	/** From now on, until another fault or null. */
	fail(fault: Fault | null): Promise<void>;
	close(): Promise<void>;
}

/**
 * An HTTP server of ours for what takes POSTs of telemetry; `take` gets each body, unpacked, and gives back the answer.
 * While a fault lasts nothing is taken, unless it is only slow.
 */
export async function startEndpoint(
	take: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void,
): Promise<Endpoint> {
	let fault: Fault | null = null;
	let requests = 0;
	const waiting = new Set<() => void>();
	const server = createServer(async (request, response) => {
		requests += 1;
		for (const look of waiting) look();
		try {
			const body = await unpacked(request);
			const now = fault;
			if (now === 'hang' || now === 'refuse') return;
			if (typeof now === 'number') {
				response.writeHead(now).end();
				return;
			}
			if (now) await sleep(now.slowMs);
			take(request, body, response);
		} catch (error) {
			response.writeHead(400).end(String(error));
		}
	});
	const port = await listen(server, 0);
	return {
		url: `http://127.0.0.1:${port}`,
		requests: () => requests,
		untilRequests(count) {
			const { promise, resolve } = Promise.withResolvers<void>();
			const look = () => {
				if (requests >= count) resolve();
			};
			waiting.add(look);
			look();
			return promise.finally(() => waiting.delete(look));
		},
		async fail(next) {
			fault = next;
			if (next === 'refuse') await closed(server);
			else if (!server.listening) await listen(server, port);
		},
		close: () => closed(server),
	};
}

async function unpacked(request: IncomingMessage): Promise<Buffer> {
	const body = await buffer(request);
	return request.headers['content-encoding'] === 'gzip' ? promisify(gunzip)(body) : body;
}

async function listen(server: Server, port: number): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(port, '127.0.0.1', resolve);
	});
	return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
	if (!server.listening) return;
	const done = new Promise((resolve) => server.close(resolve));
	server.closeAllConnections();
	await done;
}
