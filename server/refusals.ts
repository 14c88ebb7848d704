import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { needsKey } from './client.ts';
import type { Refusal } from './http-answer.ts';

/** Why a request or an upgrade is not looked at. */
export interface RequestRefusal {
	status: number;
	refusal: Refusal;
	headers?: OutgoingHttpHeaders;
}

/** Why a request to /graphql is not even read; null for most. */
export function refusalOf(request: IncomingMessage): RequestRefusal | null {
	if (!hasHost(request)) return badHost;
	const { method, headers } = request;
	if ((headers['content-encoding'] ?? 'identity') !== 'identity') return compressed;
	return method === 'POST' && !readable.test(headers['content-type'] ?? '') ? badType : null;
}

/** Every one of them makes a browser ask before it sends it for the page of another origin; a form, or plain text, does not. */
const readable = /^application\/(?:json|graphql\+json|graphql)(?:[;,]|$)/;

const badHost = {
	status: 400,
	refusal: { code: 'BAD_REQUEST', message: 'The Host header has to name one host.' },
};
const compressed = {
	status: 415,
	refusal: {
		code: 'UNSUPPORTED_MEDIA_TYPE',
		message: 'Compressed bodies are not read; send it as it is, without Content-Encoding.',
	},
};
const badType = {
	status: 415,
	refusal: {
		code: 'UNSUPPORTED_MEDIA_TYPE',
		message: 'A POST has to be JSON: send it with Content-Type: application/json.',
	},
};
export const strangeHost = {
	status: 421,
	refusal: {
		code: 'MISDIRECTED_REQUEST',
		message:
			'This server does not answer to the name in the Host header: whoever runs it can add it to ALLOWED_HOSTS.',
	},
};

export const strangeOrigin = {
	status: 403,
	refusal: {
		code: 'FORBIDDEN',
		message:
			'Pages of this origin may not read here: whoever runs this server can add it to ALLOWED_ORIGINS.',
	},
};
export const tooManyRequests = {
	status: 429,
	refusal: {
		code: 'RATE_LIMITED',
		message: 'Too many requests at once from this client; try again in a second.',
		retryAfter: 1,
	},
	headers: { 'retry-after': '1' },
};
export const tooManyConnections = {
	status: 429,
	refusal: {
		code: 'TOO_MANY_CONNECTIONS',
		message: 'Too many connections from this client; close some before you open others.',
	},
	headers: { 'retry-after': '1' },
};
export const full = {
	status: 503,
	refusal: {
		code: 'SERVICE_UNAVAILABLE',
		message: 'This server takes no more WebSockets now; try again in a moment.',
	},
};
export const notHere = {
	status: 404,
	refusal: { code: 'NOT_FOUND', message: 'There is nothing here. GraphQL is at /graphql.' },
};
const challenge = { 'www-authenticate': 'Bearer' };
export const keyNeeded = {
	status: 401,
	refusal: { code: 'UNAUTHENTICATED', message: needsKey().message },
	headers: challenge,
};
export const unknownKey = {
	status: 401,
	refusal: {
		code: 'UNAUTHENTICATED',
		message: 'This API key is not known here, or was revoked.',
	},
	headers: challenge,
};

/** Whether there is one at most, of which Yoga can make a URL. */
function hasHost({ rawHeaders, headers: { host = '' } }: IncomingMessage): boolean {
	let lines = 0;
	for (let at = 0; at < rawHeaders.length; at += 2) {
		const name = rawHeaders[at];
		if (name?.length === 4 && name.toLowerCase() === 'host') lines += 1;
	}
	if (lines > 1) return false;
	return /^[\w.-]*(?::\d{1,4})?$/.test(host) || URL.canParse(`http://${host}`);
}
