import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics/registry.ts';

/** Each rejects when its system cannot be used. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const checkMs = 2_500;

/** `/livez`: the process runs. `/readyz`: 200, or 503 with the names of what is down. */
export function createHealth(checks: Checks): Answer {
	return async (request, response) => {
		const path = request.url?.split('?', 1)[0];
		if (path === '/livez') {
			send(response, 200, { status: 'ok' });
		} else if (path === '/readyz') {
			const names = await failing(checks);
			const status = names.length === 0 ? 'ok' : 'unavailable';
			send(response, names.length === 0 ? 200 : 503, { status, down: names });
		} else {
			return false;
		}
		return true;
	};
}

async function failing(checks: Checks): Promise<string[]> {
	const results = await Promise.all(
		Object.entries(checks).map(async ([name, check]) => {
			const { promise, reject } = Promise.withResolvers<void>();
			const timer = setTimeout(() => reject(new Error('no answer')), checkMs);
			try {
				await Promise.race([check(), promise]);
				return null;
			} catch {
				return name;
			} finally {
				clearTimeout(timer);
			}
		}),
	);
	return results.filter((name) => name !== null);
}

function send(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
	response.end(`${JSON.stringify(body)}\n`);
}

export interface Listening {
	port: number;
	close(): Promise<void>;
}

/** The port for people on call and their machines: `/metrics`, `/livez`, `/readyz`. */
export async function openProbes(
	at: { host: string; port: number },
	registry: Metrics,
	checks: Checks,
): Promise<Listening> {
	const health = createHealth(checks);
	const server = createServer(async (request, response) => {
		try {
			if (await health(request, response)) return;
			if (request.url?.split('?', 1)[0] === '/metrics') {
				response.writeHead(200, { 'content-type': registry.contentType });
				response.end(await registry.metrics());
			} else {
				send(response, 404, { error: 'not found; there are /metrics, /livez and /readyz' });
			}
		} catch {
			response.destroy();
		}
	});
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(at.port, at.host, resolve);
	await promise;
	return {
		port: (server.address() as AddressInfo).port,
		async close() {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}
