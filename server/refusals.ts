import type { IncomingMessage } from 'node:http';
import type { Refusal } from './http-answer.ts';

/** Why a request to /graphql is not even read; null for most. */
export function refusalOf(request: IncomingMessage): { status: number; refusal: Refusal } | null {
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

/** Whether there is one at most, of which Yoga can make a URL. */
function hasHost({ rawHeaders, headers: { host = '' } }: IncomingMessage): boolean {
	let lines = 0;
	for (let at = 0; at < rawHeaders.length; at += 2) {
		if (rawHeaders[at]?.toLowerCase() === 'host') lines += 1;
	}
	if (lines > 1) return false;
	return /^[\w.-]*(?::\d{1,4})?$/.test(host) || URL.canParse(`http://${host}`);
}
