import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHostCheck } from './host-names.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { sendStatus } from './telemetry/status-page.ts';

/** Each rejects when its system cannot be used. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

const checkMs = 2_500;
/** An answer of a check is good for so long. */
const freshMs = 1_000;

/** Has each check run now and then, however often and by whomever it is asked for. */
export function seldom(checks: Checks): Checks {
	return Object.fromEntries(
		Object.entries(checks).map(([name, check]) => [name, nowAndThen(check)] as const),
	);
}

function nowAndThen(check: () => Promise<void>): () => Promise<void> {
	let last: Promise<void> | null = null;
	let until = 0;
	return () => {
		if (last && performance.now() < until) return last;
		// One that never answers is not waited for by the next.
		until = performance.now() + checkMs;
		last = check().finally(() => {
			until = performance.now() + freshMs;
		});
		return last;
	};
}

/** Whether the request was answered: it may be for somebody else. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface Listening {
	port: number;
	close(): Promise<void>;
}

/** `/livez`: the process runs. `/readyz`: 200, or 503 with the names of what is down. */
export function createHealth(checks: Checks): Answer {
	return async (request, response) => {
		const path = request.url?.split('?', 1)[0];
		if (path === '/livez') {
			sendJson(response, 200, { status: 'ok' });
		} else if (path === '/readyz') {
			const names = await failing(checks);
			const status = names.length === 0 ? 'ok' : 'unavailable';
			sendJson(response, names.length === 0 ? 200 : 503, { status, down: names });
		} else {
			return false;
		}
		return true;
	};
}

/** The names of those that cannot be used now. */
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

/** The port for people on call and their machines: `/` in plain words, `/metrics`, `/livez`, `/readyz`. */
export async function openProbes(
	at: { name: string; host: string; port: number },
	metrics: Metrics,
	checks: Checks,
): Promise<Listening> {
	const health = createHealth(checks);
	const isExpectedHost = createHostCheck(undefined, at.host);
	const needs = Object.keys(checks);
	const status = { process: at.name, metrics, needs, down: () => failing(checks) };
	const server = createServer(async (request, response) => {
		try {
			for (const [name, value] of Object.entries(inert)) response.setHeader(name, value);
			if (!isExpectedHost(request.headers.host)) {
				const sentence = 'Ask by an IP address, or as localhost.';
				return sendError(response, 421, 'MISDIRECTED_REQUEST', sentence);
			}
			if (await health(request, response)) return;
			const path = request.url?.split('?', 1)[0];
			if (path === '/') {
				await sendStatus(request, response, status);
			} else if (path === '/metrics') {
				response.writeHead(200, { 'content-type': metrics.registry.contentType });
				response.end(await metrics.registry.metrics());
			} else {
				sendError(response, 404, 'NOT_FOUND', 'There are /, /metrics, /livez and /readyz.');
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

/** What is for people and machines on call is run, framed and read by nobody's page. */
const inert = {
	'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
};

/** As the public port has it. */
function sendError(response: ServerResponse, status: number, code: string, message: string): void {
	sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'cache-control': 'no-store',
	});
	response.end(`${JSON.stringify(body)}\n`);
}
