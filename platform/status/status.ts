import type { Answer, Checks } from '../health.ts';
import type { Metrics } from '../metrics/registry.ts';
import { asPage, pagePolicy } from './page.ts';
import { readState } from './state.ts';
import { asText } from './text.ts';

/** `/`: how the process is, as a page for browsers, as JSON where that is asked for, and as text for all others. */
export function createStatus(name: string, registry: Metrics, checks: Checks): Answer {
	return async (request, response) => {
		if (request.url?.split('?', 1)[0] !== '/') return false;
		const state = await readState(name, registry, checks);
		const { accept = '' } = request.headers;
		const [type, body] = accept.includes('text/html')
			? ['text/html', asPage(state)]
			: accept.includes('application/json')
				? ['application/json', `${JSON.stringify(state)}\n`]
				: ['text/plain', asText(state)];
		response.writeHead(200, {
			'content-type': `${type}; charset=utf-8`,
			'cache-control': 'no-store',
			'content-security-policy': pagePolicy,
			'x-content-type-options': 'nosniff',
			vary: 'accept',
		});
		response.end(body);
		return true;
	};
}
