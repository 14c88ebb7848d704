import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DomainError } from '../domain/errors.ts';
import type { Emit } from '../domain/telemetry.ts';
import { isOutage } from '../platform/mysql/primary.ts';

/**
 * What a client may see of a failure: an expected one as it is, with its code; anything else as an
 * unexpected error without a detail, once it has been reported.
 */
export function mask(emit: Emit, error: unknown): GraphQLError {
	const at = error instanceof GraphQLError ? error : null;
	const cause = rootOf(error);
	if (cause instanceof GraphQLError) return withCode(at ?? cause);
	// What a request's own JSON is wrong in; nothing of ours throws these on the way in.
	if (!at && cause instanceof SyntaxError) {
		return locate(at, `The request cannot be read: ${cause.message}.`, 'BAD_USER_INPUT');
	}
	if (cause instanceof DomainError) {
		const { message, code, retryAfter } = cause;
		const more = retryAfter === null ? {} : { retryAfter };
		return locate(at, message, code, { ...more, ...statusOf(at, cause) });
	}
	if (isAborted(cause)) return locate(at, 'The request ended before it was whole.', 'BAD_REQUEST');
	emit({ type: 'request.failed', error: cause, operation: at?.path?.join('.') ?? null });
	const { code, message } = unexpected(cause);
	return locate(at, message, code);
}

/** As Node.js has it where a client leaves in the midst of its body, which is no fault. */
function isAborted(error: unknown): boolean {
	return (
		error instanceof Error &&
		error.message === 'aborted' &&
		'code' in error &&
		error.code === 'ECONNRESET'
	);
}

/** A request that was not run is answered with a status of its own: a value that does not fit is 400, in its document or beside it. */
function statusOf(at: GraphQLError | null, { code }: DomainError): Record<string, unknown> {
	if (code === 'FORBIDDEN') return { http: { status: 403 } };
	if (code === 'TOO_BUSY') return { http: { status: 503, headers: { 'retry-after': '1' } } };
	return code === 'BAD_USER_INPUT' && !at?.path ? { http: { status: 400 } } : {};
}

/** What a client may see of what nobody expected: whether trying again can help. */
export function unexpected(error: unknown): { status: 500 | 503; code: string; message: string } {
	if (!isOutage(error)) {
		const message = 'Unexpected error; it has been logged.';
		return { status: 500, code: 'INTERNAL_SERVER_ERROR', message };
	}
	const message = 'The database cannot be reached now; try again in some seconds.';
	return { status: 503, code: 'SERVICE_UNAVAILABLE', message };
}

/** Says in a body what Yoga answers with a status alone. */
export const errorBodyPlugin: Plugin = {
	onResponse({ response: { status, body, headers }, setResponse, fetchAPI }) {
		const refusal = bare[status];
		if (body || !refusal) return;
		const answer = fetchAPI.Response.json({ errors: [refusal] }, { status });
		for (const [name, value] of headers) {
			if (!name.startsWith('content-')) answer.headers.set(name, value);
		}
		setResponse(answer);
	},
};

const bare: Readonly<Record<number, object>> = {
	406: {
		message:
			'No type that Accept names is one of this answer: application/json, or for a subscription text/event-stream.',
		extensions: { code: 'NOT_ACCEPTABLE' },
	},
	415: {
		message: 'A POST has to be JSON: send it with Content-Type: application/json.',
		extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' },
	},
};

/** Limits that are no matter of syntax are reported as if they were. */
const syntaxError = /^Syntax Error: (?!(?:Query depth|Query Cost|Aliases|Directives) limit of)/;

/** A value that does not fit is one mistake, with one answer, be it in the document or in a variable. */
export const valuePlugin: Plugin = {
	onValidate:
		() =>
		({ valid, result, setResult }) => {
			if (!valid) setResult(result.map(ofValue));
		},
};

function ofValue(error: Error): Error {
	if (!(error instanceof GraphQLError && isValue.test(error.nodes?.[0]?.kind ?? ''))) return error;
	const http = { status: 400, spec: false };
	return locate(error, error.message, 'BAD_USER_INPUT', { http });
}

/** Kinds of nodes that a value of a document is made of. */
const isValue = /Value$|^ObjectField$/;

/** Libraries leave the code out where a limit or a variable refuses an operation. */
export function withCode(error: GraphQLError): GraphQLError {
	if (typeof error.extensions['code'] === 'string') return error;
	const { message, extensions } = error;
	// Whichever transport meets a syntax error first, all get the same one: none may have marked it.
	if (syntaxError.test(message)) {
		const http = { spec: true, status: 400 };
		return locate(error, message, 'GRAPHQL_PARSE_FAILED', { ...extensions, http });
	}
	const code = /^Variable "/.test(message) ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
	return locate(error, message, code, extensions);
}

/** For who has no HTTP header to read the id of the trace from. */
export function withTrace(error: GraphQLError, traceId: string): GraphQLError {
	const { message, extensions } = withoutStatus(error);
	return locate(error, message, extensions['code'], { ...extensions, traceId });
}

/** Of one that is not the answer to a request over HTTP, but one of many in a stream. */
export function withoutStatus(error: GraphQLError): GraphQLError {
	if (!('http' in error.extensions)) return error;
	const { http: _, code, ...extensions } = error.extensions;
	return locate(error, error.message, code, extensions);
}

/** A new error loses the place of the old one unless it is handed over. */
function locate(
	at: GraphQLError | null,
	message: string,
	code: unknown,
	more: Record<string, unknown> = {},
): GraphQLError {
	return new GraphQLError(message, {
		...(at?.nodes ? { nodes: at.nodes } : {}),
		...(at?.source ? { source: at.source, positions: at.positions } : {}),
		...(at?.path ? { path: at.path } : {}),
		extensions: { ...more, code },
	});
}

function rootOf(error: unknown): unknown {
	return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}
