import { GraphQLError } from 'graphql';
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
		return locate(at, message, code, retryAfter === null ? {} : { retryAfter });
	}
	emit({ type: 'request.failed', error: cause, operation: at?.path?.join('.') ?? null });
	const { code, message } = unexpected(cause);
	return locate(at, message, code);
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

/** Limits that are no matter of syntax are reported as if they were. */
const syntaxError = /^Syntax Error: (?!(?:Query depth|Query Cost|Aliases|Directives) limit of)/;

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

/** For who has no HTTP header to read the id of the trace from, and no use for an HTTP status. */
export function withTrace(error: GraphQLError, traceId: string): GraphQLError {
	const { http: _, ...extensions } = error.extensions;
	return new GraphQLError(error.message, {
		...(error.nodes ? { nodes: error.nodes } : {}),
		...(error.source ? { source: error.source, positions: error.positions } : {}),
		...(error.path ? { path: error.path } : {}),
		extensions: { ...extensions, traceId },
	});
}

/** A new error loses the place of the old one unless it is handed over. */
function locate(
	at: GraphQLError | null,
	message: string,
	code: string,
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
