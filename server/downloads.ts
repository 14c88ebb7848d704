import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { createDownloadAnswer, type DownloadPorts } from './download-answer.ts';
import { downloadRoute, readDownload } from './download-route.ts';
import { type Exchange, publicHeaders, sendError } from './http-answer.ts';

/**
 * Answers a request for a stored source and resolves to true, or resolves to false for others to
 * answer. Rejects when something unexpected happens: with nothing answered, or, where the headers
 * were out already, with the connection destroyed.
 */
export type Downloads = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function createDownloads(ports: DownloadPorts): Downloads {
	const answer = createDownloadAnswer(ports);

	return async (request, response) => {
		const route = downloadRoute(request.url ?? '');
		if (!route) return false;
		const exchange = { request, response };
		if (request.method === 'OPTIONS') {
			response.writeHead(204, { ...publicHeaders, ...preflight }).end();
			return true;
		}
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			refuseMethod(exchange);
			return true;
		}
		try {
			await answer(exchange, readDownload(route, ports.chains));
		} catch (error) {
			if (!(error instanceof DomainError)) throw error;
			sendError(exchange, 400, { code: error.code, message: error.message });
		}
		return true;
	};
}

function refuseMethod(exchange: Exchange): void {
	const message = `${exchange.request.method} does nothing here: source code is read with GET.`;
	sendError(exchange, 405, { code: 'METHOD_NOT_ALLOWED', message }, { allow });
}

const allow = 'GET, HEAD, OPTIONS';
const preflight = {
	allow,
	'access-control-allow-methods': allow,
	'access-control-allow-headers': 'If-None-Match, Range',
	'access-control-max-age': '86400',
};
