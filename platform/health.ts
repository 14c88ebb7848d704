import type { IncomingMessage, ServerResponse } from 'node:http';

/** Each rejects when its system cannot be used. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const checkMs = 2_500;

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
export async function failing(checks: Checks): Promise<string[]> {
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

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
	response.end(`${JSON.stringify(body)}\n`);
}
