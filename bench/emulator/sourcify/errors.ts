import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../reply.ts';

export interface SourcifyError {
	customCode: string;
	message: string;
	errorId: string;
}

export function sourcifyError(customCode: string, message: string): SourcifyError {
	return { customCode, message, errorId: randomUUID() };
}

function refusal(status: number, customCode: string, message: string): Reply {
	return json(sourcifyError(customCode, message), status);
}

/** What Sourcify refuses with; the words for a wrong route and for a rate are not published. */
export const sourcifyErrors = {
	unsupportedChain: (chainId: string) =>
		refusal(400, 'unsupported_chain', `Chain ${chainId} not found`),
	address: (address: string) => refusal(400, 'invalid_parameter', `Invalid address: ${address}`),
	fieldsAndOmit: () => refusal(400, 'invalid_parameter', 'Cannot specify both fields and omit'),
	field: (message: string) => refusal(400, 'invalid_parameter', message),
	route: () => refusal(404, 'route_not_found', 'The requested route does not exist'),
	tooManyRequests: () => refusal(429, 'too_many_requests', 'Too many requests'),
	internal: () => refusal(500, 'internal_error', 'The server encountered an unexpected error.'),
} as const;
