import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { chainListBody, chainListPath } from '../../sources/etherscan/format.ts';
import { chains } from './chains.ts';
import { control, controlPath } from './control.ts';
import { blockscoutPath, type OpenDoors, sourcifyPath } from './open-doors.ts';
import { json } from './reply.ts';
import { send } from './send.ts';

/** Leads each request to its door, or to the controls. */
export function createRouter(doors: OpenDoors, stopped: AbortSignal): RequestListener {
	async function lead(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(`http://emulator${request.url ?? '/'}`);
		const controls = below(url, controlPath);
		if (controls) return send(response, await control(request, controls, doors));
		const sourcify = below(url, sourcifyPath);
		if (sourcify) return doors.sourcify.serve(request, sourcify, response);
		const blockscout = below(url, blockscoutPath);
		if (blockscout) return doors.blockscout.serve(request, blockscout, response);
		if (url.pathname === chainListPath) {
			const api = `http://${request.headers.host}/v2/api`;
			const body = chainListBody(chains, api, 'List of supported chains, emulated');
			return send(response, json(body));
		}
		return doors.etherscan.serve(request, url, response);
	}

	return (request, response) => {
		lead(request, response).catch((error: unknown) => {
			if (stopped.aborted || response.destroyed) return;
			console.error(error);
			send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'emulator' });
		});
	};
}

/** What stands behind the first part of a path, or undefined when it begins otherwise. */
function below(url: URL, start: string): URL | undefined {
	if (!url.pathname.startsWith(`${start}/`)) return undefined;
	const rest = new URL(url);
	rest.pathname = url.pathname.slice(start.length);
	return rest;
}
