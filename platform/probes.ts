import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Checks, createHealth, sendJson } from './health.ts';
import type { Metrics } from './metrics/registry.ts';
import { createStatus } from './status/status.ts';

export interface Listening {
	port: number;
	close(): Promise<void>;
}

/** The port for people on call and their machines: `/` in plain words, `/metrics`, `/livez`, `/readyz`. */
export async function openProbes(
	at: { name: string; host: string; port: number },
	registry: Metrics,
	checks: Checks,
): Promise<Listening> {
	const health = createHealth(checks);
	const status = createStatus(at.name, registry, checks);
	const server = createServer(async (request, response) => {
		try {
			if (await health(request, response)) return;
			if (await status(request, response)) return;
			if (request.url?.split('?', 1)[0] === '/metrics') {
				response.writeHead(200, { 'content-type': registry.contentType });
				response.end(await registry.metrics());
			} else {
				const there = 'there are /, /metrics, /livez and /readyz';
				sendJson(response, 404, { error: `not found; ${there}` });
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
